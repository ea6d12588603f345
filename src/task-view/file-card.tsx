import { ImageOff, ImageUpscale, Link2Off, ScanSearch, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { IconButton } from '../components/button.tsx'
import { Shortened } from '../components/shortened.tsx'
import { TimeText } from '../components/time-text.tsx'
import { Unknown } from '../components/unknown.tsx'
import { type FileState, type LinkSource, livingLink } from '../files/file-state.ts'
import type { SaveState } from '../files/saves.ts'
import { formatBytes } from '../lib/bytes.ts'
import { formatDateTime, formatNumber } from '../lib/format.ts'
import type { TaskFile } from '../upscayl/task.ts'
import { Expiry } from './expiry.tsx'
import { FileAction, Outcome } from './file-action.tsx'

/** The name a person knows the file by. */
export const fileTitle = (file: TaskFile): string =>
  file.originalName ?? file.storedName ?? 'Unnamed file'

const typeLabel = (type: string | null) => type?.replace(/^image\//i, '').toUpperCase() ?? null

export interface FileCardProps {
  readonly file: TaskFile
  /** What it is saved as. */
  readonly name: string
  readonly state: FileState
  readonly save: SaveState
  /** Its host lets no page read its files. */
  readonly closed: boolean
  /** Nothing is loaded from its host before the person wants it. */
  readonly held: boolean
  /** The only file of its task: the picture gets the room. */
  readonly alone: boolean
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** Out of sight nothing needs to be counted. */
  readonly seen: boolean
  readonly source: LinkSource
  /** The way to a new link, which costs a question; null where nobody asks. */
  readonly fresh: ReactNode
  readonly onSave: () => void
  readonly onCheck: () => void
  readonly onCancel: () => void
  /** Shows the picture in full; null where there is none to show. */
  readonly onPreview: (() => void) | null
  /** Its small picture could not be loaded by this URL. */
  readonly onBroken: (url: string) => void
}

/** One file: what it is, how long it is to be had, and the one next step. */
export function FileCard(props: FileCardProps) {
  const { file, name, state, save, closed, held, alone, clockSkew, seen } = props
  const { source, fresh, onCheck, onPreview, onBroken } = props
  const title = fileTitle(file)
  const url = livingLink(state)
  return (
    <div
      className={`flex h-full min-w-0 flex-col rounded-xl border border-line bg-surface ${alone ? 'md:flex-row' : ''}`}
    >
      {state.kind === 'withheld' ? null : (
        <Thumbnail
          url={url === null || held ? null : file.thumbnailUrl}
          without={held ? 'Not loaded' : 'No preview'}
          title={title}
          onPreview={url === null || held ? null : onPreview}
          onBroken={onBroken}
          className={
            alone
              ? 'rounded-t-[11px] max-md:border-b md:w-3/5 md:rounded-r-none md:rounded-l-[11px] md:border-r'
              : 'rounded-t-[11px] border-b'
          }
        />
      )}
      <div className="flex min-w-0 flex-1 flex-col gap-3 p-4">
        <div className="min-w-0">
          <div className="flex items-start gap-2">
            <h3 className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]" title={title}>
              <Shortened text={title} length={64} />
            </h3>
            {url === null || closed ? null : (
              <IconButton
                label={`Verify ${title}`}
                disabled={save.kind === 'fetching' || save.kind === 'checking'}
                onClick={onCheck}
                className="-my-2 -mr-2 disabled:opacity-40"
              >
                <ScanSearch aria-hidden size={16} />
              </IconButton>
            )}
          </div>
          <p className="mt-1 flex flex-wrap gap-x-2 text-sm text-muted [overflow-wrap:anywhere]">
            <FileFacts file={file} />
          </p>
          <p className="mt-1 text-xs text-muted">
            Created{' '}
            {file.createdAt === null ? (
              <Unknown why="time not reported" />
            ) : (
              <TimeText at={file.createdAt}>{formatDateTime(file.createdAt)}</TimeText>
            )}
          </p>
        </div>
        <div className="mt-auto grid gap-2 border-t border-line pt-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <StateLine state={state} expiresAt={file.expiresAt} clockSkew={clockSkew} seen={seen} />
            {url === null ? (
              state.kind === 'gone' ? null : (
                fresh
              )
            ) : (
              <FileAction {...props} url={url} title={title} name={name} />
            )}
          </div>
          <StateHint state={state} closed={closed && url !== null} source={source} />
          {url === null || source === 'asked' ? null : <FromHost url={url} />}
          {url === null && save.kind !== 'checked' ? null : (
            <Outcome save={save} url={url} fresh={fresh} />
          )}
        </div>
      </div>
    </div>
  )
}

interface StateLineProps {
  readonly state: FileState
  readonly expiresAt: number | null
  readonly clockSkew: number
  readonly seen: boolean
}

function StateLine({ state, expiresAt, clockSkew, seen }: StateLineProps) {
  switch (state.kind) {
    case 'ready':
    case 'expiring':
    case 'withheld':
      return <Expiry endsAt={state.endsAt} clockSkew={clockSkew} seen={seen} />
    case 'expiry-unknown':
      return <Expiry endsAt={null} clockSkew={clockSkew} seen={seen} />
    case 'no-link':
      return <Ended icon={<Link2Off aria-hidden size={14} />}>No link reported</Ended>
    case 'expired':
      return (
        <Ended icon={<Link2Off aria-hidden size={14} />}>
          {expiresAt === null || state.early ? (
            'Link ended early'
          ) : (
            <TimeText at={expiresAt}>Link has ended</TimeText>
          )}
        </Ended>
      )
    case 'gone':
      return (
        <Ended icon={<Trash2 aria-hidden size={14} />}>
          {expiresAt === null ? 'File is gone' : <TimeText at={expiresAt}>File is gone</TimeText>}
        </Ended>
      )
  }
}

const Ended = ({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) => (
  <span className="inline-flex min-h-9 items-center gap-1.5 text-sm text-muted">
    {icon}
    {children}
  </span>
)

interface StateHintProps {
  readonly state: FileState
  readonly closed: boolean
  readonly source: LinkSource
}

/** What the state means for the person, in a line; nothing where the countdown says it all. */
function StateHint({ state, closed, source }: StateHintProps) {
  const hints = source === 'asked' ? HINTS : SHARED_HINTS
  const hint = closed
    ? 'Its host lets only the browser save it, under a name of the browser’s choice.'
    : hints[state.kind]
  return hint === null ? null : <p className="text-xs text-pretty text-muted">{hint}</p>
}

/** Where a link of somebody else leads, before it is followed. */
function FromHost({ url }: { readonly url: string }) {
  const { origin, host } = new URL(url)
  return origin === location.origin ? null : (
    <p className="text-xs [overflow-wrap:anywhere] text-muted">Downloads from {host}</p>
  )
}

type Hints = Readonly<Record<FileState['kind'], string | null>>

const HINTS: Hints = {
  ready: null,
  expiring: null,
  'expiry-unknown': 'Save it soon: nothing says how long the link lives.',
  'no-link': 'A new answer may bring one. It costs one question of the hour.',
  withheld: null,
  expired: 'A new answer may bring a new link. It costs one question of the hour.',
  gone: 'The newest answer has no living link for it. To have it again, run the task again.',
}

/** The same where nobody asks: only the sender can. */
const SHARED_HINTS: Hints = {
  ...HINTS,
  'no-link': 'The sender’s Loupe had none. Ask the sender for the file.',
  expired: 'Ask the sender for the file: a new answer may bring a new link.',
  gone: 'It had ended when this was sent. To have it again, the task has to run again.',
}

function FileFacts({ file }: { readonly file: TaskFile }) {
  const { type, size, dimensions } = file
  const facts = [
    typeLabel(type),
    size === null ? null : formatBytes(size),
    dimensions === null
      ? null
      : `${formatNumber(dimensions.width)} × ${formatNumber(dimensions.height)} px`,
  ]
  const missing = ['type', 'size', 'dimensions'].filter((_, n) => facts[n] === null)
  return (
    <>
      {facts.flatMap((fact) =>
        fact === null
          ? []
          : [
              <span key={fact} className="min-w-0">
                {fact}
              </span>,
            ],
      )}
      {missing.length === 0 ? null : <Unknown why={`${missing.join(', ')} not reported`} />}
    </>
  )
}

interface ThumbnailProps {
  readonly url: string | null
  /** What stands where there is none. */
  readonly without: string
  readonly title: string
  readonly onPreview: (() => void) | null
  readonly onBroken: (url: string) => void
  readonly className: string
}

function Thumbnail({ url, without, title, onPreview, onBroken, className }: ThumbnailProps) {
  const [broken, setBroken] = useState<string | null>(null)
  const frame = `aspect-[3/2] w-full border-line bg-sunken ${className}`
  if (url === null || url === broken) {
    const empty = `${frame} flex flex-col items-center justify-center gap-2 text-muted`
    return onPreview === null ? (
      <div className={empty}>
        <ImageOff aria-hidden size={22} />
        <span className="text-xs">{without}</span>
      </div>
    ) : (
      <button
        type="button"
        onClick={onPreview}
        aria-label={`Preview ${title}`}
        className={`${empty} cursor-zoom-in hover:text-ink`}
      >
        <ImageUpscale aria-hidden size={22} />
        <span className="text-xs">Open the picture</span>
      </button>
    )
  }
  const image = (look: string) => (
    <img
      src={url}
      alt=""
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => {
        setBroken(url)
        onBroken(url)
      }}
      className={`${look} object-cover`}
    />
  )
  if (onPreview === null) return image(frame)
  return (
    <button
      type="button"
      onClick={onPreview}
      aria-label={`Preview ${title}`}
      className={`relative block cursor-zoom-in ${frame}`}
    >
      {image('absolute inset-0 size-full rounded-[inherit]')}
    </button>
  )
}
