import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { paths } from '../lib/paths.ts'
import { Link } from '../ui/link.tsx'
import { Part } from '../ui/part.tsx'
import { Shortened } from '../ui/shortened.tsx'

interface TaskLayoutProps {
  /** Name of the task. */
  readonly title: string
  /** Actions on the whole task. */
  readonly actions: ReactNode
  readonly children: ReactNode
}

/** A task page: where it belongs, which task it is, and what can be done with it. */
export function TaskLayout({ title, actions, children }: TaskLayoutProps) {
  return (
    <>
      <div className="mb-3 flex min-h-11 items-center gap-2">
        <Link
          to={paths.home}
          className="inline-flex min-h-9 shrink-0 items-center rounded-lg text-sm text-muted hover:text-ink pointer-coarse:min-h-11 max-sm:-ml-2 max-sm:min-w-9 max-sm:justify-center pointer-coarse:max-sm:min-w-11"
        >
          <ChevronLeft aria-hidden className="size-5 sm:hidden" />
          <span className="max-sm:sr-only">Tasks</span>
        </Link>
        <span aria-hidden className="text-muted max-sm:hidden">
          /
        </span>
        <h1 className="min-w-0 flex-1 truncate text-lg font-semibold tracking-tight">
          <Shortened text={title} length={60} />
        </h1>
        <Part>
          <div className="flex shrink-0 items-center gap-1">{actions}</div>
        </Part>
      </div>
      {children}
    </>
  )
}
