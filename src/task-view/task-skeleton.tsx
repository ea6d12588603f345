/** The shape of what comes, at its size, so that nothing jumps when it arrives. */
export function TaskSkeleton() {
  const bar = 'rounded bg-sunken'
  const panel = 'rounded-xl border border-line bg-surface p-5'
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Asking for the task’s status</span>
      <div className={panel}>
        <div className="flex min-h-9 items-center justify-between">
          <div className={`${bar} h-7 w-28 rounded-full`} />
          <div className={`${bar} h-7 w-16`} />
        </div>
        <div className={`${bar} mt-4 h-2 rounded-full`} />
        <div className={`${bar} mt-4 h-5 w-56 max-w-full`} />
      </div>
      <div className="grid gap-4 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className={`${panel} h-34`} />
        <div className={`${panel} h-34`} />
      </div>
    </div>
  )
}
