import type { ReactNode } from 'react'
import { formatNumber } from '../lib/format.ts'
import type { Icon } from './button.tsx'

interface ChipProps {
  readonly children: ReactNode
  readonly icon?: Icon
  /** How many it stands for. */
  readonly count?: number
  readonly pressed: boolean
  readonly onClick: () => void
}

/** A filter that is on or off, with the number of what it shows. */
export const Chip = ({ children, icon: Icon, count, pressed, onClick }: ChipProps) => (
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
