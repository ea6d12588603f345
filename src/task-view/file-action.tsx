import { ChevronDown, CircleCheck, Download, TriangleAlert, X } from 'lucide-react'
import { type DragEvent, type MouseEvent, type ReactNode, useState } from 'react'
import type { SaveFault, SaveState } from '../downloads/download-queue.ts'
import { errorText } from '../downloads/error-text.ts'
import { verifyText } from '../downloads/verify-text.ts'
import { formatBytes } from '../lib/bytes.ts'
import { Button, buttonClass, IconButton } from '../ui/button.tsx'
import { Menu } from '../ui/menu.tsx'
import { Progress } from '../ui/progress.tsx'

interface FileActionProps {
  /** A live link. */
  readonly url: string
  readonly title: string
  /** File name if this page saves it. */
  readonly name: string
  /** MIME type as received. */
  readonly type: string | null
  /** Shown on the button; null for none. */
  readonly size: string | null
  readonly save: SaveState
  /** The host has no CORS: the browser saves the file, under a name of its own choice. */
  readonly closed: boolean
  /** Button for a new link; null in views that send no requests. */
  readonly fresh: ReactNode
  /** Other ways to have the file; with them this is the main action of the page. */
  readonly menu?: ReactNode
  readonly onSave: () => void
  readonly onCancel: () => void
}

/** Buttons for a file whose link is live, or the progress of its download. */
export function FileAction(props: FileActionProps) {
  const { url, title, name, type, size, save, closed, fresh, menu, onSave, onCancel } = props
  const [followed, setFollowed] = useState<string | null>(null)
  if (save.kind === 'fetching' || save.kind === 'checking') {
    return <Fetching title={title} save={save} onCancel={onCancel} />
  }
  const take = (event: MouseEvent) => {
    const hasModifier = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    // The page does not learn what the browser finds there.
    if (closed) setFollowed(url)
    if (closed || hasModifier) return
    event.preventDefault()
    onSave()
  }
  const link = {
    href: url,
    download: name,
    rel: 'noopener noreferrer',
    // A cross-origin link may open instead of being saved; it must not replace this page.
    target: closed ? '_blank' : undefined,
    title: closed ? undefined : `Saves as ${name}`,
    onClick: take,
    onDragStart: ({ dataTransfer }: DragEvent) =>
      dataTransfer.setData('DownloadURL', `${type ?? ''}:${name}:${url}`),
  }
  const again = closed && followed === url ? fresh : null
  if (menu === undefined) {
    return (
      <>
        {again}
        <a {...link} className={ICON_LINK}>
          <Download size={17} />
          <span className="sr-only">Download {title}</span>
        </a>
      </>
    )
  }
  return (
    <>
      <span className="inline-flex min-w-0 flex-1">
        <a
          {...link}
          aria-keyshortcuts="d"
          className={`${buttonClass('primary')} min-w-0 flex-1 rounded-r-none`}
        >
          <Download size={15} className="shrink-0" />
          Download <span className="sr-only">{title}</span>
          {size === null ? null : <span className="font-normal opacity-85">{size}</span>}
        </a>
        <Menu
          label="More ways to download"
          trigger={(trigger) => (
            <Button
              {...trigger}
              look="primary"
              aria-label="More ways to download"
              title="More ways to download"
              className="-ml-px rounded-l-none border-l-accent-ink/30 px-2"
              icon={ChevronDown}
            />
          )}
        >
          {menu}
        </Menu>
      </span>
      {again}
    </>
  )
}

const ICON_LINK =
  'inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-accent hover:text-accent-ink focus-visible:text-ink pointer-coarse:size-11'

interface FetchingProps {
  readonly title: string
  readonly save: Extract<SaveState, { kind: 'fetching' | 'checking' }>
  readonly onCancel: () => void
}

function Fetching({ title, save, onCancel }: FetchingProps) {
  const isSaved = save.kind === 'checking' && save.savedTo !== null
  const total = save.kind === 'fetching' && save.total ? save.total : null
  const percent =
    save.kind === 'checking' ? 100 : total && Math.floor((save.received / total) * 100)
  return (
    <div className="flex min-w-40 flex-1 items-center gap-2">
      <div className="min-w-0 flex-1">
        <p className="mb-1 text-right text-xs text-muted">
          {save.kind === 'checking'
            ? 'Verifying…'
            : `${formatBytes(save.received)}${total === null ? '' : ` of ${formatBytes(total)}`}`}
        </p>
        <Progress
          label={`Download of ${title}`}
          value={percent}
          unknown="Size not known"
          focusable
        />
      </div>
      {isSaved ? (
        <span className="size-9 shrink-0" />
      ) : (
        <IconButton icon={X} label={`Cancel the download of ${title}`} onClick={onCancel} />
      )}
    </div>
  )
}

interface OutcomeProps {
  readonly save: SaveState
  /** The live link, or null. */
  readonly url: string | null
  /** Button for a new link; null in views that send no requests. */
  readonly fresh: ReactNode
}

/** Typical responses of a host when a link has expired. */
const MAY_HAVE_ENDED: ReadonlySet<SaveFault['kind']> = new Set(['refused', 'no-image'])

/** The error to show. The card itself shows that a link has expired, and a newer link may work. */
function shownError(save: SaveState, url: string | null): SaveFault | null {
  if (save.kind !== 'failed' || url === null) return null
  const { kind } = save.fault
  const isOfOldLink = MAY_HAVE_ENDED.has(kind) && save.url !== url
  return kind === 'ended' || kind === 'cancelled' || isOfOldLink ? null : save.fault
}

/** Result of a download: where the file is, whether it matches the task, or why it failed. */
export function Outcome({ save, url, fresh }: OutcomeProps) {
  const error = shownError(save, url)
  return (
    <>
      {/* Always there: screen readers announce only what changes in a region. */}
      <div role="status" className="grid gap-1 empty:absolute">
        {error === null ? null : <Line tone="bad">{errorText(error)}</Line>}
        {save.kind === 'checked' ? <Saved {...save} /> : null}
      </div>
      {error !== null && MAY_HAVE_ENDED.has(error.kind) ? fresh : null}
    </>
  )
}

function Saved({ savedTo, verdict }: Extract<SaveState, { kind: 'checked' }>) {
  const { title, details } = verifyText(verdict)
  return (
    <>
      {savedTo?.kind === 'folder' ? (
        <Line tone="good">
          Saved in <bdi>{savedTo.folder}</bdi> as <bdi>{savedTo.name}</bdi>
        </Line>
      ) : savedTo?.kind === 'downloads' ? (
        <Line tone="sent">
          Sent to your downloads as <bdi>{savedTo.name}</bdi>
        </Line>
      ) : null}
      <Line tone={verdict.kind === 'verified' ? 'good' : 'warn'}>
        {title}
        {details.map((detail) => (
          <span key={detail} className="block text-muted">
            {detail}
          </span>
        ))}
      </Line>
    </>
  )
}

const TONES = {
  good: { icon: CircleCheck, ink: 'text-muted' },
  warn: { icon: TriangleAlert, ink: 'text-warn' },
  bad: { icon: TriangleAlert, ink: 'text-bad' },
  sent: { icon: Download, ink: 'text-muted' },
} as const

function Line({
  tone,
  children,
}: {
  readonly tone: keyof typeof TONES
  readonly children: ReactNode
}) {
  const { icon: Icon, ink } = TONES[tone]
  return (
    <p className="flex gap-1.5 text-xs [overflow-wrap:anywhere]">
      <Icon size={14} className={`mt-0.5 shrink-0 ${ink}`} />
      <span className="min-w-0">{children}</span>
    </p>
  )
}
