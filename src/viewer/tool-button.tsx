import type { ComponentProps } from 'react'
import { IconButton } from '../components/button.tsx'

interface ToolButtonProps extends ComponentProps<'button'> {
  readonly label: string
  /** The key that does the same, for the tooltip and assistive technology. */
  readonly shortcut: string | null
  readonly isOff?: boolean
}

/**
 * A button of the viewer's bars. One that is off stays focusable: the last picture's "Next" must not
 * drop the focus. Its unseen border shows where colours are forced.
 */
export function ToolButton({
  label,
  shortcut,
  isOff = false,
  onClick,
  children,
  className = '',
  ...rest
}: ToolButtonProps) {
  return (
    <IconButton
      {...rest}
      label={label}
      title={shortcut === null ? label : `${label} (${shortcut})`}
      aria-keyshortcuts={shortcut ?? undefined}
      aria-disabled={isOff || undefined}
      onClick={isOff ? undefined : onClick}
      className={`size-10.5 border border-transparent aria-disabled:cursor-default aria-disabled:opacity-35 aria-disabled:hover:bg-transparent aria-pressed:bg-sunken aria-pressed:text-ink forced-colors:aria-pressed:outline-2 ${className}`}
    >
      {children}
    </IconButton>
  )
}
