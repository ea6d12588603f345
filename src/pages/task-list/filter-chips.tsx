import type { ReactNode } from 'react'
import { formatNumber } from '../../lib/format.ts'
import type { Icon } from '../../ui/button.tsx'
import { FILTER_NAMES, FILTERS, type Filter } from './filters.ts'

interface FilterChipsProps {
  readonly counts: Readonly<Record<Filter, number>>
  /** Null if the view is none of them. */
  readonly selected: Filter | null
  readonly onSelect: (filter: Filter) => void
}

/** Without a task there is nothing to show, so these appear only when needed. */
const OPTIONAL: ReadonlySet<Filter> = new Set(['failed', 'refused', 'expiring'])

/** Each part of the list with its count. One line, which scrolls sideways on a phone. */
export function FilterChips({ counts, selected, onSelect }: FilterChipsProps) {
  const shown = FILTER_NAMES.filter(
    (name) => !OPTIONAL.has(name) || counts[name] > 0 || name === selected,
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div
      role="group"
      aria-label="Filter"
      className="-mx-4 flex min-h-10 items-center gap-1.5 overflow-x-auto px-4 py-0.5 [scrollbar-width:none] sm:-mx-0.5 sm:px-0.5"
    >
      {shown.map((name) => (
        <Chip
          key={name}
          count={counts[name]}
          pressed={name === selected}
          onClick={() => onSelect(name === selected ? 'all' : name)}
        >
          {FILTERS[name].label}
        </Chip>
      ))}
    </div>
  )
}

interface ChipProps {
  readonly children: ReactNode
  readonly icon?: Icon
  /** How many it stands for. */
  readonly count?: number
  readonly pressed: boolean
  readonly onClick: () => void
}

/** A filter that is on or off, with the number of what it shows. */
const Chip = ({ children, icon: Icon, count, pressed, onClick }: ChipProps) => (
  <button
    type="button"
    aria-pressed={pressed}
    onClick={onClick}
    className="inline-flex min-h-8 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-full border border-line bg-surface px-3 text-sm font-medium text-muted transition-colors hover:bg-sunken hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
  >
    {Icon && <Icon size={14} />}
    {children}
    {count === undefined ? null : <span className="font-normal">{formatNumber(count)}</span>}
  </button>
)
