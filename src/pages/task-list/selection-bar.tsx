import { Download, RefreshCw, RotateCcw, Share2, Tag, Trash2, X } from 'lucide-react'
import { formatNumber, plural } from '../../lib/format.ts'
import { Button, IconButton } from '../../ui/button.tsx'

interface SelectionBarProps {
  readonly count: number
  /** Checks available now; null: no limit. */
  readonly left: number | null
  /** Number of selected tasks that have files to download. */
  readonly savable: number
  /** Number of selected tasks that have ended, and can be run again. */
  readonly ended: number
  readonly onCheck: () => void
  readonly onSave: () => void
  readonly onAgain: () => void
  readonly onShare: () => void
  readonly onLabel: () => void
  readonly onRemove: () => void
  readonly onClear: () => void
}

/** Actions on the selected tasks, in the place of the filters. */
export function SelectionBar(props: SelectionBarProps) {
  const { count, left, savable, ended, onCheck, onSave, onAgain } = props
  const { onShare, onLabel, onRemove, onClear } = props
  const checkCount = Math.min(count, left ?? count)
  return (
    <section
      aria-label="Selection"
      className="-mx-4 flex min-h-10 items-center gap-1 overflow-x-auto px-4 py-0.5 [scrollbar-width:none] *:shrink-0 sm:-mx-0.5 sm:px-0.5"
    >
      <IconButton icon={X} label="Clear selection" onClick={onClear} />
      <p className="mr-2 text-sm font-medium">{formatNumber(count)} selected</p>
      <Button icon={Download} disabled={savable === 0} onClick={onSave}>
        Download
      </Button>
      <Button
        look="quiet"
        icon={RefreshCw}
        disabled={checkCount === 0}
        title={`Uses ${plural(checkCount, 'check')}`}
        onClick={onCheck}
      >
        {checkCount < count ? `Check ${formatNumber(checkCount)} now` : 'Check now'}
      </Button>
      <Button look="quiet" icon={RotateCcw} disabled={ended === 0} onClick={onAgain}>
        {ended > 0 && ended < count ? `Run ${formatNumber(ended)} again` : 'Run again'}
      </Button>
      <Button look="quiet" icon={Share2} onClick={onShare}>
        Share
      </Button>
      <Button look="quiet" icon={Tag} onClick={onLabel}>
        Label
      </Button>
      <Button look="quiet" icon={Trash2} onClick={onRemove}>
        Remove
      </Button>
    </section>
  )
}
