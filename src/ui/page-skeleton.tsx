const bar = 'rounded bg-sunken'

/** Placeholder of a page whose layout is not known yet: its title and a panel. */
export const PageSkeleton = () => (
  <div aria-hidden className="grid gap-5 pt-2">
    <div className={`${bar} h-8 w-40`} />
    <div className="h-72 rounded-xl border border-line bg-surface p-5">
      <div className={`${bar} h-5 w-1/2`} />
    </div>
  </div>
)
