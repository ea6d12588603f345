import type { ReactNode } from 'react'

const bar = 'rounded bg-sunken'

interface TaskSkeletonProps {
  /** A line of what is known already; none while it is asked. */
  readonly children?: ReactNode
}

/** The shape of what comes, at its size, so that nothing jumps when it arrives. */
export function TaskSkeleton({ children = <Asking /> }: TaskSkeletonProps) {
  const panel = 'rounded-xl border border-line bg-surface p-5'
  return (
    <div className="grid gap-4">
      <div className={panel}>
        <div className="flex min-h-9 items-center justify-between">
          <div className={`${bar} h-7 w-28 rounded-full`} />
          <div className={`${bar} h-7 w-16`} />
        </div>
        <div className={`${bar} mt-4 h-2 rounded-full`} />
        <div className="mt-4 min-h-5 text-sm text-muted">{children}</div>
      </div>
      <div className="grid gap-4 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className={`${panel} h-34`} />
        <div className={`${panel} h-34`} />
      </div>
    </div>
  )
}

const Asking = () => (
  <div role="status" className={`${bar} h-5 w-56 max-w-full`}>
    <span className="sr-only">Asking for the task’s status</span>
  </div>
)
