import type { ReactNode } from 'react'
import type { Icon } from './button.tsx'

interface BadgeProps {
  readonly icon: Icon
  /** Classes for its colours. */
  readonly ink: string
  readonly children: ReactNode
}

/** A status in a word or two. */
export const Badge = ({ icon: Icon, ink, children }: BadgeProps) => (
  <span
    className={`inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-[0.875rem] px-2.5 py-0.5 text-sm font-medium ${ink}`}
  >
    <Icon size={15} className="shrink-0" />
    <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
  </span>
)
