import './print-sheet.css'
import { type ReactNode, useEffect } from 'react'
import { createPortal } from 'react-dom'
import { modelName } from '../../../core/api/models.ts'
import type { Scale, Task, TaskFile } from '../../../core/api/task.ts'
import type { TaskRecord } from '../../../core/record/task-record.ts'
import { printPage } from '../../lib/browser/elements.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { formatDateTime, formatNumber, formatPercent, formatUtc, plural } from '../../lib/format.ts'
import { creditsText } from '../../task-view/credits.tsx'
import { fileTitle } from '../../task-view/file-title.ts'
import { StatusBadge } from '../../task-view/status-badge.tsx'
import { taskTitle } from '../../tasks/task-title.ts'
import { Logo } from '../../ui/logo.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { Unknown } from '../../ui/unknown.tsx'

/** Files that fit on one page, A4 and Letter alike. */
export const MAX_FILES = 40
/** From this count on, their lines are closer together. */
const MANY_FILES = 18

interface PrintSheetProps {
  readonly taskId: string
  readonly record: TaskRecord
  /** URL of the task. */
  readonly url: string
  readonly onPrinted: () => void
}

/** A task on one sheet of paper: opens the browser's print dialog, and is hidden on screen. */
export function PrintSheet({ onPrinted, ...sheet }: PrintSheetProps) {
  useEffect(() => {
    // Some browsers return from print() at once, some when their dialog closes: all fire this
    // event.
    addEventListener('afterprint', onPrinted, { once: true })
    if (!printPage()) onPrinted()
    return () => removeEventListener('afterprint', onPrinted)
  }, [onPrinted])
  return createPortal(
    <div className="print-sheet hidden print:block">
      <Sheet {...sheet} />
    </div>,
    document.body,
  )
}

/** Content of the sheet. */
export function Sheet({ taskId, record, url }: Omit<PrintSheetProps, 'onPrinted'>) {
  const { task, seenAt } = record
  return (
    <article className="text-sm text-ink">
      <div className="flex items-start justify-between gap-8">
        <div className="min-w-0">
          <p className="flex items-center gap-2 font-semibold">
            <Logo size={18} />
            Loupe
          </p>
          <h1 className="mt-5 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
            {taskTitle({ id: taskId, record })}
          </h1>
          <p className="font-mono text-xs [overflow-wrap:anywhere]">{taskId}</p>
          {task === null ? null : (
            <p className="mt-3">
              <StatusBadge task={task} />
            </p>
          )}
          <p className="mt-3 text-muted">
            {seenAt === null
              ? 'Not checked yet.'
              : `Status on ${formatDateTime(seenAt)} (${formatUtc(seenAt)})`}
          </p>
        </div>
        <div className="w-28 shrink-0">
          <QrCode text={url} label="QR code of the private link" />
        </div>
      </div>
      {task === null ? null : <Facts task={task} />}
      {task === null ? null : <FileTable files={task.files} />}
    </article>
  )
}

function Facts({ task }: { readonly task: Task }) {
  const { model, scale, saveImageAs, compression, enhanceFace } = task.settings
  return (
    <dl className="mt-6 grid grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))] gap-x-6 gap-y-3 border-t border-line pt-4">
      <Fact name="Progress">{task.progress === null ? null : formatPercent(task.progress)}</Fact>
      <Fact name="Credits">{creditsText(task, false).text}</Fact>
      <Fact name="Model">{model === null ? null : modelName(model)}</Fact>
      <Fact name="Scale">{scale === null ? null : scaleText(scale)}</Fact>
      <Fact name="Format">{saveImageAs?.toUpperCase() ?? null}</Fact>
      <Fact name="Compression">{compression === null ? null : formatPercent(compression)}</Fact>
      <Fact name="Restore faces">{enhanceFace === null ? null : enhanceFace ? 'Yes' : 'No'}</Fact>
      {task.kind === 'failed' || task.reason !== null ? (
        <Fact name="Reason">{task.reason}</Fact>
      ) : null}
    </dl>
  )
}

const scaleText = (scale: Scale) => (scale.kind === 'known' ? `${scale.factor}×` : scale.text)

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="[overflow-wrap:anywhere] line-clamp-3">
        {children ?? <Unknown why="not reported" />}
      </dd>
    </div>
  )
}

function FileTable({ files }: { readonly files: readonly TaskFile[] }) {
  const shown = files.slice(0, MAX_FILES)
  const close = shown.length >= MANY_FILES
  const left = files.length - shown.length
  return (
    <section className="mt-6 border-t border-line pt-4">
      <h2 className="font-medium">{plural(files.length, 'file')}</h2>
      {shown.length === 0 ? null : (
        <table
          className={`mt-2 w-full table-fixed text-left ${close ? 'text-[7pt]/[10pt]' : 'text-xs'}`}
        >
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className="font-normal">Name</th>
              <th className="w-[15%] text-right font-normal">Size</th>
              <th className="w-[20%] text-right font-normal">Pixels</th>
              <th className="w-[26%] pl-6 font-normal">Expires</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((file) => (
              <Row key={file.id} file={file} close={close} />
            ))}
          </tbody>
        </table>
      )}
      {left === 0 ? null : (
        <p className="mt-2 text-xs text-muted">
          {plural(left, 'more file')} didn’t fit on the page.
        </p>
      )}
    </section>
  )
}

function Row({ file, close }: { readonly file: TaskFile; readonly close: boolean }) {
  const { size, dimensions, expiresAt } = file
  const cell = close ? '' : 'py-1'
  const expires = expiresAt === null ? '—' : formatDateTime(expiresAt)
  return (
    <tr className="border-b border-line">
      <td className={`truncate ${cell}`} title={fileTitle(file)}>
        {fileTitle(file)}
      </td>
      <td className={`text-right ${cell}`}>{size === null ? '—' : formatBytes(size)}</td>
      <td className={`text-right ${cell}`}>
        {dimensions === null
          ? '—'
          : `${formatNumber(dimensions.width)} × ${formatNumber(dimensions.height)}`}
      </td>
      <td className={`truncate pl-6 ${cell}`} title={expires}>
        {expires}
      </td>
    </tr>
  )
}
