import { type ReactNode, useId } from 'react'
import type { Icon } from './button.tsx'

interface CheckboxProps {
  readonly label: string
  /** Explanation below the label. */
  readonly children?: ReactNode
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean
}

/** A checkbox with an explanation. */
export function Checkbox({ label, children, checked, onChange, disabled = false }: CheckboxProps) {
  const id = useId()
  return (
    <div className="flex gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={children === undefined ? undefined : `${id}-means`}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <div className="min-w-0">
        <label htmlFor={id}>{label}</label>
        {children === undefined ? null : (
          <p id={`${id}-means`} className="text-sm text-pretty text-muted">
            {children}
          </p>
        )}
      </div>
    </div>
  )
}

interface SegmentedProps<T extends string> {
  /** Accessible name of the group. */
  readonly label: string
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: Icon }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** Radio buttons that look like a segmented control. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, options, value: chosen, onChange } = props
  const name = useId()
  return (
    <fieldset className="flex flex-wrap rounded-lg bg-sunken p-1">
      <legend className="sr-only">{label}</legend>
      {options.map(({ value, label, icon: Icon }) => (
        <label
          key={value}
          className="flex min-h-9 flex-1 cursor-pointer items-center justify-center gap-1.5 rounded-md px-2 text-center text-sm font-medium text-muted has-checked:bg-surface has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            checked={value === chosen}
            onChange={() => onChange(value)}
            className="sr-only"
          />
          {Icon && <Icon size={14} />}
          {label}
        </label>
      ))}
    </fieldset>
  )
}
