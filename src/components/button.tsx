import type { ComponentProps, ReactNode } from 'react'

type Look = 'primary' | 'secondary' | 'quiet'

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-accent-ink hover:opacity-90 border-transparent',
  secondary: 'bg-surface text-ink border-line hover:bg-sunken',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-sunken hover:text-ink',
}

/** The classes of a button, for links that look like one. */
export const buttonClass = (look: Look = 'secondary'): string =>
  `inline-flex min-h-9 items-center justify-center gap-2 whitespace-nowrap rounded-lg border px-3 text-sm font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 ${LOOKS[look]}`

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look
  readonly icon?: ReactNode
}

export function Button({ look = 'secondary', icon, children, className, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={`${buttonClass(look)} ${className ?? ''}`}>
      {icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** The accessible name, shown as a tooltip as well. */
  readonly label: string
}

export function IconButton({ label, children, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-sunken hover:text-ink ${className ?? ''}`}
    >
      {children}
    </button>
  )
}
