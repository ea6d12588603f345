import { Download, ImageOff, Link2Off } from 'lucide-react'
import { useState } from 'react'
import { buttonClass } from '../components/button.tsx'
import { TimeText } from '../components/time-text.tsx'
import { Unknown } from '../components/unknown.tsx'
import { formatBytes } from '../lib/bytes.ts'
import { formatDateTime, formatNumber, truncateMiddle } from '../lib/format.ts'
import type { TaskFile } from '../upscayl/task.ts'
import { Expiry, endsAt, useUrgency } from './expiry.tsx'

/** The name a person knows the file by. */
export const fileTitle = (file: TaskFile): string =>
  file.originalName ?? file.storedName ?? 'Unnamed file'

const typeLabel = (type: string | null) => type?.replace(/^image\//i, '').toUpperCase() ?? null

interface FileCardProps {
  readonly file: TaskFile
  /** The only file of its task: the picture gets the room. */
  readonly alone: boolean
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockSkew: number
}

export function FileCard({ file, alone, clockSkew }: FileCardProps) {
  const title = fileTitle(file)
  const expired = useUrgency(endsAt(file.expiresAt, clockSkew)) === 'over'
  return (
    <li
      className={`flex min-w-0 flex-col rounded-xl border border-line bg-surface ${alone ? 'md:flex-row' : ''}`}
    >
      <Thumbnail
        key={file.thumbnailUrl}
        url={expired ? null : file.thumbnailUrl}
        className={
          alone
            ? 'rounded-t-[11px] max-md:border-b md:w-3/5 md:rounded-r-none md:rounded-l-[11px] md:border-r'
            : 'rounded-t-[11px] border-b'
        }
      />
      <div className="flex flex-1 flex-col gap-3 p-4">
        <div className="min-w-0">
          <h3 className="font-medium [overflow-wrap:anywhere]" title={title}>
            <bdi>{truncateMiddle(title, 64)}</bdi>
          </h3>
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
        <div className="mt-auto flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3">
          <Expiry expiresAt={file.expiresAt} clockSkew={clockSkew} />
          <DownloadLink url={file.downloadUrl} title={title} expired={expired} />
        </div>
      </div>
    </li>
  )
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

interface DownloadLinkProps {
  readonly url: string | null
  readonly title: string
  readonly expired: boolean
}

function DownloadLink({ url, title, expired }: DownloadLinkProps) {
  if (url === null || expired) {
    return (
      <span className="inline-flex min-h-9 items-center gap-1.5 text-sm text-muted">
        <Link2Off aria-hidden size={14} />
        {expired ? 'Link has ended' : 'No link reported'}
      </span>
    )
  }
  return (
    <a
      href={url}
      download={title}
      rel="noopener noreferrer"
      // A link to another origin may open instead of being saved; that must not take the page away.
      target={new URL(url).origin === location.origin ? undefined : '_blank'}
      aria-label={`Download ${title}`}
      className={buttonClass('primary')}
    >
      <Download aria-hidden size={15} />
      Download
    </a>
  )
}

interface ThumbnailProps {
  readonly url: string | null
  readonly className: string
}

function Thumbnail({ url, className }: ThumbnailProps) {
  const [broken, setBroken] = useState(false)
  const frame = `aspect-[3/2] w-full border-line bg-sunken ${className}`
  if (url === null || broken) {
    return (
      <div className={`${frame} flex flex-col items-center justify-center gap-2 text-muted`}>
        <ImageOff aria-hidden size={22} />
        <span className="text-xs">No preview</span>
      </div>
    )
  }
  return (
    <img
      src={url}
      alt=""
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
      className={`${frame} object-cover`}
    />
  )
}
