import type { Links } from './links.ts'
import type { StoredFile, StoredTask } from './store/tasks.ts'
import { MIME_TYPES } from './work/formats.ts'

export interface Standing {
  readonly task: StoredTask
  readonly files: readonly StoredFile[]
  /** Strips done and strips in all. */
  readonly work: { readonly done: number; readonly all: number }
  /** The credits have been deducted. */
  readonly charged: boolean
}

type Body = Readonly<Record<string, unknown>>

/** Times of the API are whole Unix seconds. */
const seconds = (ms: number) => Math.floor(ms / 1000)

/** The `data` of an answer, as the public page of `get-task-status` has it. */
export function statusData(standing: Standing, links: Links, origin: string): Body {
  const { task, charged } = standing
  if (task.demo === 'sparse' && task.status === 'PROCESSED') {
    return { status: task.status, files: [{}] }
  }
  const processed = task.status === 'PROCESSED'
  return {
    status: task.status,
    progress: String(percent(standing)),
    files: processed ? standing.files.map((file) => fileData(file, standing, links, origin)) : [],
    deductedCredits: processed ? task.price : 0,
    creditsDeducted: charged,
    model: task.model,
    scale: task.scale,
    saveImageAs: task.saveImageAs,
    compression: task.compression,
    batchMode: standing.files.length > 1,
    enhanceFace: task.enhanceFace === 1,
    ...(task.error === null ? {} : { error: task.error }),
  }
}

/** Work done; 100 is kept for the end, since joining and encoding come after the last strip. */
function percent({ task, work }: Standing): number {
  if (task.status === 'PROCESSED') return 100
  return Math.min(99, Math.floor((100 * work.done) / Math.max(1, work.all)))
}

function fileData(
  file: StoredFile,
  { task, charged }: Standing,
  links: Links,
  origin: string,
): Body {
  const extension = /\.\w+$/.exec(file.originalName)?.[0] ?? ''
  const expiresAt = task.expiresAt ?? task.createdAt
  const stored = `${file.id}${extension}`
  return {
    fileName: stored,
    processedFileName: `${file.id}-${task.scale}x.${task.saveImageAs}`,
    originalFileName: file.originalName,
    fileType: MIME_TYPES[task.saveImageAs],
    fileSize: file.sourceSize,
    finalFileSize: file.resultSize,
    path: `users/${task.accountId}/${stored}`,
    createdAt: seconds(task.createdAt),
    expiresAt: seconds(expiresAt),
    dimensions: { width: file.resultWidth, height: file.resultHeight },
    // Paid for, it can be fetched; until then only seen.
    ...(charged ? { downloadLink: links.url(origin, file.id, 'download', expiresAt) } : {}),
    thumbnailLink: links.url(origin, file.id, 'thumbnail', expiresAt),
  }
}
