import { type Links, seconds } from './links.ts'
import { MIME_TYPES, type StoredFile, type StoredTask } from './store/tasks.ts'
import { RESULT_LIFETIME_MS } from './work/run-task.ts'

/** A task as it is now. */
export interface Standing {
  readonly task: StoredTask
  readonly files: readonly StoredFile[]
  /** Strips done and total strips. */
  readonly work: { readonly done: number; readonly all: number }
  /** Whether the credits have been deducted. */
  readonly charged: boolean
}

/** The `data` of a response, as documented on the public page of `get-task-status`. */
export function statusData(
  standing: Standing,
  links: Links,
  origin: string,
): Readonly<Record<string, unknown>> {
  const { task, charged } = standing
  if (task.demo === 'sparse' && task.status === 'PROCESSED') {
    return { status: task.status, files: [{}] }
  }
  const processed = task.status === 'PROCESSED'
  return {
    status: task.status,
    progress: String(percent(standing)),
    files: listedFiles(standing).map((file) => fileData(file, standing, links, origin)),
    deductedCredits: processed ? (task.cost ?? task.price) : 0,
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

/** Progress; at most 99 until the end, since joining and encoding come after the last strip. */
function percent({ task, work }: Standing): number {
  if (task.status === 'PROCESSED') return 100
  return Math.min(99, Math.floor((100 * work.done) / Math.max(1, work.all)))
}

/** A batch finishes file by file, and in the end lists those that failed as well. */
function listedFiles({ task, files }: Standing): readonly StoredFile[] {
  if (task.status === 'PROCESSED') return files
  return task.status === 'ENHANCING' && files.length > 1
    ? files.filter(({ resultSize }) => resultSize !== null)
    : []
}

function fileData(
  file: StoredFile,
  { task, charged }: Standing,
  links: Links,
  origin: string,
): Readonly<Record<string, unknown>> {
  const extension = /\.\w+$/.exec(file.originalName)?.[0] ?? ''
  const expiresAt = task.expiresAt ?? task.createdAt + RESULT_LIFETIME_MS
  const stored = file.storedName ?? `${file.id}${extension}`
  const uploaded = {
    fileName: stored,
    originalFileName: file.originalName,
    fileSize: file.sourceSize,
    path: `users/${task.accountId}/${stored}`,
    createdAt: seconds(task.createdAt),
    expiresAt: seconds(expiresAt),
  }
  if (file.resultSize === null) return uploaded
  return {
    ...uploaded,
    processedFileName: `${file.id}-${task.scale}x.${task.saveImageAs}`,
    fileType: MIME_TYPES[task.saveImageAs],
    finalFileSize: file.resultSize,
    dimensions: { width: file.resultWidth, height: file.resultHeight },
    // Only a thumbnail until the credits are deducted.
    ...(charged ? { downloadLink: links.url(origin, file.id, 'download', expiresAt) } : {}),
    thumbnailLink: links.url(origin, file.id, 'thumbnail', expiresAt),
  }
}
