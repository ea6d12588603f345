import { type ComponentProps, type ReactNode, useId } from 'react'

interface FieldProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  readonly label: string
  readonly onValue?: (text: string) => void
  /** Validation error as a sentence; null for none. Omitted for fields that are always valid. */
  readonly error?: string | null
  /** Help text. */
  readonly help?: ReactNode
}

/** A single-line text field with its error. */
export function Field(props: FieldProps) {
  const { label, onValue, error, help, className = '', ...rest } = props
  const id = useId()
  const described = [
    error === undefined ? '' : `${id}-error`,
    help === undefined ? '' : `${id}-help`,
    rest['aria-describedby'] ?? '',
  ]
  return (
    <>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error != null}
        {...rest}
        id={id}
        onChange={(event) => onValue?.(event.target.value)}
        aria-describedby={described.filter((one) => one !== '').join(' ') || undefined}
        className={`mt-1.5 min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3 aria-invalid:border-bad ${className}`}
      />
      {error === undefined ? null : (
        <p id={`${id}-error`} role="alert" className="mt-1.5 min-h-5 text-sm text-pretty text-bad">
          {error}
        </p>
      )}
      {help === undefined ? null : (
        <p id={`${id}-help`} className="mt-1.5 text-sm text-muted">
          {help}
        </p>
      )}
    </>
  )
}
