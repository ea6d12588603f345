interface ProgressProps {
  readonly label: string
  /** Null if unknown: a hatched, still bar. */
  readonly value: number | null
  readonly max?: number
  /** Spoken text for an unknown value. */
  readonly unknown?: string
  /** Estimated current value: paler, and hidden from assistive technology. */
  readonly estimate?: number | null
  /** Class of its colour. */
  readonly color?: string
  readonly className?: string
  /** It can be given the focus, though not by the Tab key. */
  readonly focusable?: boolean
}

const HATCHED =
  'bg-[repeating-linear-gradient(-45deg,transparent_0_5px,var(--line-strong)_5px_7px)]'

/** A progress bar. */
export function Progress(props: ProgressProps) {
  const { label, value, max = 100, unknown, estimate = null } = props
  const { color = 'bg-accent', className = 'h-1.5', focusable = false } = props
  const valueText =
    value === null
      ? { 'aria-valuetext': unknown }
      : { 'aria-valuemin': 0, 'aria-valuemax': max, 'aria-valuenow': value }
  return (
    <div
      role="progressbar"
      tabIndex={focusable ? -1 : undefined}
      aria-label={label}
      {...valueText}
      className={`relative overflow-hidden rounded-full bg-sunken forced-colors:border ${className} ${value === null ? HATCHED : ''}`}
    >
      {value === null || estimate === null ? null : (
        <Bar share={estimate / max} className="bg-accent opacity-25 duration-1000" />
      )}
      {value === null ? null : (
        <Bar
          share={value / Math.max(1, max)}
          className={`${color} duration-700 forced-colors:bg-[Highlight]`}
        />
      )}
    </div>
  )
}

/** A transform animates off the main thread; a width would cause layout in each frame. */
const Bar = ({ share, className }: { readonly share: number; readonly className: string }) => (
  <div
    className={`absolute inset-0 origin-left rounded-full transition-transform ease-out ${className}`}
    style={{ transform: `scaleX(${share})` }}
  />
)
