import { ClockAlert, Download, ImageOff, ScanSearch } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { TaskFile } from '../../core/api/task.ts'
import { SECOND } from '../../core/lib/units.ts'
import { formatBytes } from '../../src/lib/bytes.ts'
import { countdown } from '../../src/lib/countdown.ts'
import { formatDateTime, formatNumber } from '../../src/lib/format.ts'
import { buttonClass, IconButton } from '../../src/ui/button.tsx'

/*
 * The cards as most people would first write them: each with its own timer, all of them laid out.
 * They look like the app's and do less (no tooltip with both time zones), so the comparison is
 * fair.
 */

interface NaiveGridProps {
  readonly files: readonly TaskFile[]
  /** Without it nothing changes: the idle cost of a page with so many cards. */
  readonly counts: boolean
}

export function NaiveGrid({ files, counts }: NaiveGridProps) {
  return (
    <ul className="mt-3 grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-4">
      {files.map((file) => (
        <li key={file.id} className="min-w-0">
          {counts ? <CountingCard file={file} /> : <NaiveCard file={file} left={null} />}
        </li>
      ))}
    </ul>
  )
}

function CountingCard({ file }: { readonly file: TaskFile }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND)
    return () => clearInterval(timer)
  }, [])
  return <NaiveCard file={file} left={countdown(file.expiresAt ?? 0, now).value} />
}

function NaiveCard({ file, left }: { readonly file: TaskFile; readonly left: string | null }) {
  const { originalName: title, dimensions } = file
  return (
    <div className="flex h-full min-w-0 flex-col rounded-xl border border-line bg-surface">
      <div className="flex aspect-[3/2] w-full flex-col items-center justify-center gap-2 rounded-t-[11px] border-b border-line bg-sunken text-muted">
        <ImageOff aria-hidden size={22} />
        <span className="text-xs">No preview</span>
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-3 p-4">
        <div className="min-w-0">
          <div className="flex items-start gap-2">
            <h3 className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">{title}</h3>
            <IconButton label={`Verify ${title}`} className="-my-2 -mr-2">
              <ScanSearch aria-hidden size={16} />
            </IconButton>
          </div>
          <p className="mt-1 flex flex-wrap gap-x-2 text-sm text-muted">
            <span>PNG</span>
            <span>{formatBytes(file.size ?? 0)}</span>
            <span>
              {formatNumber(dimensions?.width ?? 0)} × {formatNumber(dimensions?.height ?? 0)} px
            </span>
          </p>
          <p className="mt-1 text-xs text-muted">Created {formatDateTime(file.createdAt ?? 0)}</p>
        </div>
        <div className="mt-auto grid gap-2 border-t border-line pt-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="inline-flex items-center gap-1.5 text-sm text-warn">
              <ClockAlert aria-hidden size={14} className="shrink-0" />
              <time>{left === null ? 'Expires soon' : `Expires in ${left}`}</time>
            </span>
            <a href={file.downloadUrl ?? ''} download className={buttonClass('primary')}>
              <Download aria-hidden size={15} />
              Download
            </a>
          </div>
        </div>
      </div>
    </div>
  )
}
