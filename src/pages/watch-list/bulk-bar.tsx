import { FolderArchive, ScanSearch, Share2, Trash2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { formatNumber, plural } from '../../lib/format.ts'

interface BulkBarProps {
  readonly count: number
  /** Questions that may be asked now; null: no limit. */
  readonly left: number | null
  /** How many of the chosen tasks may have files to save. */
  readonly savable: number
  readonly onCheck: () => void
  readonly onSave: () => void
  readonly onShare: () => void
  readonly onRemove: () => void
  readonly onClear: () => void
}

/** What can be done with the tasks that are chosen; in sight as long as some are. */
export function BulkBar(props: BulkBarProps) {
  const { count, left, savable, onCheck, onSave, onShare, onRemove, onClear } = props
  const asked = Math.min(count, left ?? count)
  return (
    <Floating label="Chosen tasks">
      <p className="px-2 text-sm font-medium">{formatNumber(count)} chosen</p>
      <Button
        look="quiet"
        icon={<ScanSearch aria-hidden size={15} />}
        disabled={asked === 0}
        title={`Costs ${plural(asked, 'question')} of the hour`}
        onClick={onCheck}
      >
        {asked < count ? `Check ${formatNumber(asked)} now` : 'Check now'}
      </Button>
      <Button
        look="quiet"
        icon={<FolderArchive aria-hidden size={15} />}
        disabled={savable === 0}
        onClick={onSave}
      >
        Save files
      </Button>
      <Button look="quiet" icon={<Share2 aria-hidden size={15} />} onClick={onShare}>
        Share
      </Button>
      <Button look="quiet" icon={<Trash2 aria-hidden size={15} />} onClick={onRemove}>
        Remove
      </Button>
      <IconButton label="Choose none" onClick={onClear}>
        <X aria-hidden size={16} />
      </IconButton>
    </Floating>
  )
}

interface SaidProps {
  readonly words: string
  readonly action: { readonly label: string; readonly run: () => void } | null
  readonly onDismiss: () => void
}

/** What was just done, and the way to undo it. It stays until it is dismissed, or something else is done. */
export function Said({ words, action, onDismiss }: SaidProps) {
  return (
    <Floating label="What was done">
      <p role="status" className="px-2 text-sm">
        {words}
      </p>
      {action === null ? null : <Button onClick={action.run}>{action.label}</Button>}
      <IconButton label="Close" onClick={onDismiss}>
        <X aria-hidden size={16} />
      </IconButton>
    </Floating>
  )
}

function Floating({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-1 rounded-xl border border-line-strong bg-surface p-1.5 shadow-lg"
    >
      {children}
    </section>
  )
}
