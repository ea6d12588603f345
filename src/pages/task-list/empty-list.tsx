import { Hash, History, ImagePlus } from 'lucide-react'
import type { ReactNode } from 'react'
import { paths } from '../../lib/paths.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'

interface EmptyListProps {
  readonly onAddById: () => void
  readonly onFind: () => void
  /** Link to the sandbox, if the server has one. */
  readonly children: ReactNode
}

const IMAGE = '/pictures/samples/harbour.webp'

/** For a newcomer: the purpose of Loupe, and ways to begin. */
export function EmptyList({ onAddById, onFind, children }: EmptyListProps) {
  return (
    <div className="mx-auto mt-6 max-w-xl text-center sm:mt-10">
      {/* The same image twice, so that its left half can be as blurred as before. */}
      <div className="relative aspect-16/9 overflow-hidden rounded-xl border border-line">
        <img src={IMAGE} alt="" className="size-full object-cover" />
        <img
          src={IMAGE}
          alt=""
          className="absolute inset-0 size-full object-cover blur-[3px] [clip-path:inset(0_50%_0_0)]"
        />
        <span className="absolute inset-y-0 left-1/2 w-0.5 -translate-x-1/2 bg-white" />
      </div>
      <h1 className="mt-6 text-xl font-semibold tracking-tight">No tasks yet</h1>
      <p className="mt-1 text-balance text-muted">
        Start an upscale, or add a task you already have. Your list is kept in this browser.
      </p>
      <div className="mt-5 flex flex-wrap justify-center gap-2">
        <Link to={paths.newTask} className={buttonClass('primary')}>
          <ImagePlus size={15} />
          Start an upscale
        </Link>
        <Button icon={Hash} onClick={onAddById}>
          Add by ID
        </Button>
        {children}
      </div>
      <Button look="quiet" icon={History} onClick={onFind} className="mt-2">
        Find my earlier tasks
      </Button>
    </div>
  )
}
