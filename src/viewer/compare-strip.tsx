import { ChevronDown, Search, SplitSquareHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonClass } from '../ui/button.tsx'
import { Shortened } from '../ui/shortened.tsx'
import type { CompareMode, Partner } from './viewer-image.ts'

interface CompareStripProps {
  readonly partner: Partner
  readonly mode: CompareMode
  readonly onMode: (mode: CompareMode) => void
  readonly onChoose: () => void
  readonly isChoosing: boolean
  /** Note on what limits the comparison, or null. */
  readonly remark: string | null
}

/** Controls of an active comparison. */
export function CompareStrip(props: CompareStripProps) {
  const { partner, mode, onMode, onChoose, isChoosing, remark } = props
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-2 py-1.5 sm:px-4">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset's legend is a line of its own */}
      <div role="group" aria-label="Compare by" className="flex rounded-lg border border-line">
        <Mode isOn={mode === 'slider'} onClick={() => onMode('slider')}>
          <SplitSquareHorizontal size={15} />
          Slider
        </Mode>
        <Mode isOn={mode === 'lens'} onClick={() => onMode('lens')}>
          <Search size={15} />
          Lens
        </Mode>
      </div>
      <button
        type="button"
        onClick={onChoose}
        aria-expanded={isChoosing}
        className={`${buttonClass('quiet')} min-h-10.5 min-w-0`}
      >
        <span className="truncate">
          <span className="max-sm:sr-only">Compared with: </span>
          <Shortened text={partner.label} length={24} />
        </span>
        <ChevronDown size={15} className="shrink-0" />
      </button>
      {remark === null ? null : (
        <p role="status" className="px-1 text-xs text-pretty text-muted sm:ml-auto">
          {remark}
        </p>
      )}
    </div>
  )
}

interface ModeProps {
  readonly isOn: boolean
  readonly onClick: () => void
  readonly children: ReactNode
}

function Mode({ isOn, onClick, children }: ModeProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className="-m-px inline-flex min-h-10.5 items-center gap-1.5 rounded-lg border border-transparent px-3 text-sm font-medium text-muted transition-colors hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink forced-colors:aria-pressed:border-[Highlight]"
    >
      {children}
    </button>
  )
}
