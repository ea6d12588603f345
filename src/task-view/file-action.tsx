import { CircleCheck, Download, TriangleAlert, X } from 'lucide-react'
import { type MouseEvent, type ReactNode, useState } from 'react'
import { buttonClass, IconButton } from '../components/button.tsx'
import { faultWords } from '../files/fault-words.ts'
import type { SaveFault, SaveState } from '../files/saves.ts'
import { verdictWords } from '../files/verdict-words.ts'
import { formatBytes } from '../lib/bytes.ts'

interface FileActionProps {
  /** A link that is alive. */
  readonly url: string
  readonly title: string
  /** What it is saved as, where this page saves it. */
  readonly name: string
  readonly save: SaveState
  /** Its host lets no page read it: the browser saves it, under a name of its own choice. */
  readonly closed: boolean
  /** The way to a new link; null where nobody asks. */
  readonly fresh: ReactNode
  readonly onSave: () => void
  readonly onCancel: () => void
}

/** What can be done with a file whose link is alive, or how far that is. */
export function FileAction(props: FileActionProps) {
  const { url, title, name, save, closed, fresh, onSave, onCancel } = props
  const [followed, setFollowed] = useState<string | null>(null)
  if (save.kind === 'fetching' || save.kind === 'checking') {
    return <Fetching title={title} save={save} onCancel={onCancel} />
  }
  const take = (event: MouseEvent) => {
    const asked = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
    // Whatever the browser finds there, this page does not hear of it.
    if (closed) setFollowed(url)
    if (closed || asked) return
    event.preventDefault()
    onSave()
  }
  return (
    <>
      <a
        href={url}
        download={name}
        rel="noopener noreferrer"
        // A link to another origin may open instead of being saved; that must not take the page away.
        target={closed ? '_blank' : undefined}
        aria-label={`Download ${title}`}
        title={closed ? undefined : `Saves as ${name}`}
        onClick={take}
        className={buttonClass('primary')}
      >
        <Download aria-hidden size={15} />
        Download
      </a>
      {closed && followed === url ? fresh : null}
    </>
  )
}

interface FetchingProps {
  readonly title: string
  readonly save: Extract<SaveState, { kind: 'fetching' | 'checking' }>
  readonly onCancel: () => void
}

function Fetching({ title, save, onCancel }: FetchingProps) {
  const known = save.kind === 'fetching' && save.total !== null && save.total > 0
  const part = save.kind === 'checking' ? 1 : known ? save.received / (save.total ?? 1) : null
  return (
    <span className="flex min-w-40 flex-1 items-center gap-2">
      <span className="min-w-0 flex-1">
        <span className="block text-right text-xs text-muted">
          {save.kind === 'checking'
            ? 'Checking'
            : `${formatBytes(save.received)}${known ? ` of ${formatBytes(save.total ?? 0)}` : ''}`}
        </span>
        <span
          role="progressbar"
          aria-label={`Download of ${title}`}
          {...(part === null
            ? { 'aria-valuetext': 'Size not known' }
            : {
                'aria-valuemin': 0,
                'aria-valuemax': 100,
                'aria-valuenow': Math.floor(part * 100),
              })}
          className="mt-1 block h-1.5 overflow-hidden rounded-full bg-sunken forced-colors:border"
        >
          <span
            className="block h-full origin-left bg-accent forced-colors:bg-[Highlight]"
            style={{ transform: `scaleX(${part ?? 0})` }}
          />
        </span>
      </span>
      <IconButton label={`Cancel the download of ${title}`} onClick={onCancel}>
        <X aria-hidden size={16} />
      </IconButton>
    </span>
  )
}

interface OutcomeProps {
  readonly save: SaveState
  /** The link that is alive, or null. */
  readonly url: string | null
  /** The way to a new link; null where nobody asks. */
  readonly fresh: ReactNode
}

/** What a host gives out instead of a file whose link has ended. */
const MAY_HAVE_ENDED: ReadonlySet<SaveFault['kind']> = new Set(['refused', 'no-image'])

/** What came of it: where the file is now, whether it is what was promised, or why it did not come. */
export function Outcome({ save, url, fresh }: OutcomeProps) {
  if (save.kind === 'failed') {
    const { kind } = save.fault
    const mayHaveEnded = MAY_HAVE_ENDED.has(kind)
    // That its link has ended is what the card is about then, and a newer link may be better.
    if (kind === 'ended' || kind === 'cancelled' || (mayHaveEnded && save.url !== url)) return null
    return (
      <>
        <Line tone="bad">{faultWords(save.fault)}</Line>
        {mayHaveEnded ? fresh : null}
      </>
    )
  }
  if (save.kind !== 'checked') return null
  const { title, details } = verdictWords(save.verdict)
  return (
    <div className="grid gap-1">
      {save.savedTo?.kind === 'folder' ? (
        <Line tone="good">
          Saved in <bdi>{save.savedTo.folder}</bdi> as <bdi>{save.savedTo.name}</bdi>
        </Line>
      ) : save.savedTo?.kind === 'downloads' ? (
        <Line tone="sent">
          Sent to the browser’s downloads as <bdi>{save.savedTo.name}</bdi>. It may ask before it
          saves several.
        </Line>
      ) : null}
      <Line tone={save.verdict.kind === 'verified' ? 'good' : 'warn'}>
        {title}
        {details.map((detail) => (
          <span key={detail} className="block text-muted">
            {detail}
          </span>
        ))}
      </Line>
    </div>
  )
}

const TONES = {
  good: { icon: CircleCheck, ink: 'text-good' },
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
      <Icon aria-hidden size={14} className={`mt-0.5 shrink-0 ${ink}`} />
      <span className="min-w-0">{children}</span>
    </p>
  )
}
