import type { ComponentProps, ComponentType } from 'react'

type Look = 'primary' | 'secondary' | 'quiet'

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-accent-ink hover:opacity-90 border-transparent',
  secondary: 'bg-surface text-ink border-line hover:bg-sunken',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-sunken hover:text-ink',
}

/** Classes of a button, for links that look like one. */
export const buttonClass = (look: Look = 'secondary'): string =>
  `inline-flex min-h-9 pointer-coarse:min-h-11 items-center justify-center gap-2 whitespace-nowrap rounded-lg border px-3 text-sm font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 ${LOOKS[look]}`

/** A lucide-react icon. It hides itself from assistive technology. */
export type Icon = ComponentType<{ readonly size?: number; readonly className?: string }>

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look
  readonly icon?: Icon | undefined
}

export function Button(props: ButtonProps) {
  const { look = 'secondary', icon: Icon, children, className = '', ...rest } = props
  return (
    <button type="button" {...rest} className={`${buttonClass(look)} ${className}`}>
      {Icon && <Icon size={15} />}
      {children}
    </button>
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** Accessible name, also shown as a tooltip. */
  readonly label: string
  /** Icon of the button; otherwise `children` is shown. */
  readonly icon?: Icon
}

export function IconButton(props: IconButtonProps) {
  const { label, icon: Icon, children, className = '', ...rest } = props
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-sunken hover:text-ink ${className}`}
    >
      {Icon && <Icon size={17} />}
      {children}
    </button>
  )
}
