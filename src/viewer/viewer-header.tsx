import { CircleHelp, Columns2, X } from 'lucide-react'
import { buttonClass } from '../components/button.tsx'
import { Shortened } from '../components/shortened.tsx'
import { formatNumber } from '../lib/format.ts'
import { ToolButton } from './tool-button.tsx'
import type { Size } from './zoom-math.ts'

interface ViewerHeaderProps {
  readonly titleId: string
  readonly title: string
  readonly position: number
  readonly count: number
  readonly size: Size | null
  readonly isComparing: boolean
  readonly isHelpOpen: boolean
  readonly onCompare: () => void
  readonly onHelp: () => void
  readonly onClose: () => void
}

export function ViewerHeader(props: ViewerHeaderProps) {
  const { titleId, title, position, count, size, isComparing, isHelpOpen } = props
  const place = `${formatNumber(position)} of ${formatNumber(count)}`
  return (
    <header className="flex min-h-14 items-center gap-1 border-b border-line py-1.5 pr-2 pl-4">
      <div className="mr-auto min-w-0">
        <h2 id={titleId} title={title} className="truncate text-base/5 font-medium">
          {/* Both ends tell names apart, so the middle goes, by the room there is. */}
          <Shortened text={title} length={56} className="max-sm:hidden" />
          <Shortened text={title} length={28} className="sm:hidden" />
        </h2>
        <p className="truncate text-xs text-muted">
          {place}
          {size === null
            ? null
            : ` · ${formatNumber(size.width)} × ${formatNumber(size.height)} px`}
        </p>
      </div>
      <button
        type="button"
        aria-pressed={isComparing}
        aria-keyshortcuts="c"
        title="Compare (C)"
        aria-label="Compare"
        onClick={props.onCompare}
        className={`${buttonClass('quiet')} shrink-0 aria-pressed:bg-sunken aria-pressed:text-ink min-h-10.5 max-sm:size-10.5 max-sm:px-0 forced-colors:aria-pressed:outline-2`}
      >
        <Columns2 aria-hidden size={17} />
        <span className="max-sm:hidden">Compare</span>
      </button>
      <ToolButton
        label="Keyboard"
        shortcut="?"
        aria-expanded={isHelpOpen}
        onClick={props.onHelp}
        className="max-sm:hidden"
      >
        <CircleHelp aria-hidden size={17} />
      </ToolButton>
      <ToolButton label="Close" shortcut="Esc" onClick={props.onClose}>
        <X aria-hidden size={19} />
      </ToolButton>
      <span role="status" className="sr-only">
        {`${title}, ${place}`}
      </span>
    </header>
  )
}
