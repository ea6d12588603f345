import type { ReactNode } from 'react'

interface TaskColumnsProps {
  readonly image: ReactNode
  /** How the task stands. */
  readonly status: ReactNode
  /** Actions and facts: beside the image, or below it where there is no room. */
  readonly side: ReactNode
  /** Actions that stay at the lower edge of a narrow window. */
  readonly bar?: ReactNode
  /** Many images: on a narrow window the status comes before them. */
  readonly many?: boolean
}

/** The image is the page; what is known of the task stands beside it. */
export function TaskColumns({ image, status, side, bar, many = false }: TaskColumnsProps) {
  const left = <div className="min-w-0 lg:col-start-1 lg:row-span-2 lg:row-start-1">{image}</div>
  const head = <div className="min-w-0 lg:col-start-2 lg:row-start-1">{status}</div>
  return (
    <div className="grid grid-cols-1 items-start gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr]">
      {many ? head : left}
      {many ? left : head}
      <div className="grid min-w-0 grid-cols-1 gap-4 lg:col-start-2 lg:row-start-2">{side}</div>
      {bar === undefined ? null : (
        <div className="sticky bottom-[calc(var(--bottom-bar,0px)+env(safe-area-inset-bottom))] z-10 -mx-4 border-t border-line bg-page px-4 py-2 sm:-mx-6 sm:px-6 lg:hidden print:hidden">
          {bar}
        </div>
      )}
    </div>
  )
}
