import { type ComponentProps, useId } from 'react'

interface SecretFieldProps extends Pick<ComponentProps<'input'>, 'onPaste' | 'aria-describedby'> {
  readonly label: string
  readonly value: string
  readonly onValue: (text: string) => void
  /** What is wrong with it, as a sentence; null for nothing. */
  readonly error: string | null
  readonly className?: string
}

/** A field for what nobody else should read from the screen, with what is wrong with it. */
export function SecretField(props: SecretFieldProps) {
  const { label, value, onValue, error, onPaste, className = '' } = props
  const field = useId()
  return (
    <>
      <label htmlFor={field} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={field}
        type="password"
        value={value}
        onChange={(event) => onValue(event.target.value)}
        onPaste={onPaste}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={`${field}-error ${props['aria-describedby'] ?? ''}`.trim()}
        className={`mt-1.5 min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3 aria-invalid:border-bad ${className}`}
      />
      <p id={`${field}-error`} role="alert" className="mt-1.5 min-h-5 text-sm text-pretty text-bad">
        {error}
      </p>
    </>
  )
}
