import { ImageOff, ImageUpscale, ScanSearch } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TaskFile } from '../../core/api/task.ts'
import { type FileState, type LinkSource, livingLink } from '../downloads/file-state.ts'
import { IconButton } from '../ui/button.tsx'
import { KeepFocus } from '../ui/keep-focus.tsx'
import { Shortened } from '../ui/shortened.tsx'
import { Thumbnail } from '../ui/thumbnail.tsx'
import { FileAction, Outcome } from './file-action.tsx'
import { FileFacts, FromHost, StateHint, StateLine } from './file-facts.tsx'
import { fileTitle } from './file-title.ts'
import { previewOf } from './preview-of.ts'
import type { LiveFile } from './use-live-file.ts'

export interface FileCardProps extends LiveFile {
  readonly file: TaskFile
  /** File name for saving. */
  readonly name: string
  /** Nothing is loaded from its host until the user allows it. */
  readonly held: boolean
  /** Milliseconds by which the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** Off-screen countdowns are not updated. */
  readonly seen: boolean
  readonly source: LinkSource
  /** One line instead of a card. */
  readonly compact?: boolean
  /** Box to select it; null while files are not selected. */
  readonly select?: ReactNode
  /** Button for a new link, which uses one request; null in views that send no requests. */
  readonly fresh: ReactNode
  /** Opens the full image; null if there is none. */
  readonly onPreview: (() => void) | null
  /** The thumbnail at this URL could not be loaded. */
  readonly onBroken: (url: string) => void
}

/** No check brings a link now. */
const NO_LINK_TO_COME: ReadonlySet<FileState['kind']> = new Set(['gone', 'failed', 'unfinished'])

/** One file of several: what it is, how long it is available, and the one next step. */
export function FileCard(props: FileCardProps) {
  const { file, name, state, save, closed, held, clockSkew, seen, source } = props
  const { compact = false, select = null, fresh, onCheck, onPreview, onBroken } = props
  const title = fileTitle(file)
  const url = livingLink(state)
  const hasResult = state.kind !== 'failed'
  const preview = previewOf(file)
  const hasImage = state.kind !== 'withheld' || preview !== null
  const image = {
    // Of an image of a running task there is a thumbnail before there is a link.
    url: (url === null && state.kind !== 'unfinished') || held ? preview : file.thumbnailUrl,
    without: !hasResult ? 'No image' : held ? 'Not loaded' : 'No preview',
    title,
    onPreview: url === null || held ? null : onPreview,
    onBroken,
  }
  const heading = (
    <h3 className="min-w-0 flex-1 text-sm/6 font-medium [overflow-wrap:anywhere]" title={title}>
      <Shortened text={title} length={compact ? 40 : 64} />
    </h3>
  )
  const facts = hasResult ? (
    <p className="flex flex-wrap gap-x-2 text-xs text-muted [overflow-wrap:anywhere]">
      <FileFacts file={file} />
    </p>
  ) : null
  const action = (
    <>
      {url === null || closed ? null : (
        <IconButton
          icon={ScanSearch}
          label={`Verify ${title}`}
          // Disabled, it would lose the focus.
          aria-disabled={save.kind === 'fetching' || save.kind === 'checking'}
          onClick={onCheck}
          className="aria-disabled:opacity-40 pointer-coarse:size-11"
        />
      )}
      <KeepFocus>
        {url !== null ? (
          <FileAction {...props} url={url} title={title} name={name} type={file.type} size={null} />
        ) : NO_LINK_TO_COME.has(state.kind) ? null : (
          fresh
        )}
      </KeepFocus>
    </>
  )
  const below = (
    <>
      <StateHint state={state} closed={closed && url !== null} source={source} />
      {url === null || source === 'own' ? null : <FromHost url={url} />}
      <Outcome save={save} url={url} fresh={fresh} />
    </>
  )
  const line = (
    <StateLine state={state} expiresAt={file.expiresAt} clockSkew={clockSkew} seen={seen} />
  )
  if (compact) {
    return (
      <div className="px-3 py-2">
        <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1">
          {select}
          {hasImage ? <FileImage {...image} small className="size-10 rounded-md" /> : null}
          <div className="min-w-0 flex-1">
            {heading}
            <div className="flex flex-wrap items-center gap-x-3">
              {facts}
              <span className={hasResult ? 'max-sm:hidden' : ''}>{line}</span>
            </div>
          </div>
          <div className="flex items-center gap-1">{action}</div>
        </div>
        <div className="grid gap-1">{below}</div>
      </div>
    )
  }
  return (
    <div className="relative flex h-full min-w-0 flex-col rounded-xl border border-line bg-surface">
      {select === null ? null : <div className="absolute top-2 left-2 z-1">{select}</div>}
      {hasImage ? (
        <FileImage {...image} className="aspect-[3/2] w-full rounded-t-[11px] border-b" />
      ) : null}
      <div className="flex min-w-0 flex-1 flex-col gap-1 p-3">
        <div className="flex items-start gap-1">
          {heading}
          <div className="-my-1.5 -mr-1.5 flex flex-wrap items-center justify-end">{action}</div>
        </div>
        {facts}
        {line}
        <div className="grid gap-2 has-[>:only-child:empty]:absolute">{below}</div>
      </div>
    </div>
  )
}

interface FileImageProps {
  readonly url: string | null
  /** Shown if there is no image. */
  readonly without: string
  readonly title: string
  readonly onPreview: (() => void) | null
  readonly onBroken: (url: string) => void
  /** Without words. */
  readonly small?: boolean
  readonly className: string
}

function FileImage({ url, without, title, onPreview, onBroken, small, className }: FileImageProps) {
  const frame = `relative block shrink-0 border-line bg-sunken ${className}`
  const [Missing, words] =
    onPreview === null ? [ImageOff, without] : [ImageUpscale, 'Open the image']
  const image = (
    <Thumbnail
      lazy
      url={url}
      onBroken={onBroken}
      className="absolute inset-0 size-full flex-col gap-2 rounded-[inherit] group-hover/image:text-ink"
    >
      <Missing size={small ? 16 : 22} />
      <span className={small ? 'sr-only' : 'text-xs'}>{words}</span>
    </Thumbnail>
  )
  if (onPreview === null) return <div className={frame}>{image}</div>
  return (
    <button
      type="button"
      onClick={onPreview}
      aria-label={`Preview ${title}`}
      className={`group/image cursor-zoom-in ${frame}`}
    >
      {image}
    </button>
  )
}
