import type { ReactNode } from 'react'

interface BannerProps {
  readonly icon: ReactNode
  readonly children: ReactNode
}

/** What kind of page a receiver looks at, above what it shows. */
export function Banner({ icon, children }: BannerProps) {
  return (
    <div className="mt-3 flex gap-2.5 rounded-xl bg-sunken px-4 py-3 text-sm text-pretty text-muted">
      {icon}
      <div className="min-w-0">{children}</div>
    </div>
  )
}
