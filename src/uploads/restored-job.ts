import { hasExpired, type KeptParts, type PartsState } from './kept-parts.ts'
import type { Unfinished } from './unfinished.ts'
import { factsOf, type ImageSource, identityOf, sourcesOf, type UploadState } from './upload.ts'
import { createGroup, createJob, failed, type Job, repeatableUntil } from './upload-job.ts'
import { sentBytes } from './upload-parts.ts'

/* Jobs that an earlier load of the page has left. Their files are missing until they are chosen again. */

type Parts = Pick<KeptParts, 'get'>

/** The job of an upload that was under way; the same attempt, so that it starts no second task. */
export function restoredJob(upload: Unfinished): Job {
  const { images, attempt, settings, earlier, sentAt, closed } = upload
  const parts = images.map((source) => {
    const job = createJob(source, earlier)
    return { ...job, item: { ...job.item, state: { kind: 'ready' } as const } }
  })
  const [first] = parts
  const job = parts.length === 1 && first !== undefined ? first : createGroup(parts)
  return { ...job, item: { ...job.item, settings }, attempt, sentAt, closed }
}

/** What the next load of the page needs of a job that is under way; null if there is nothing to continue. */
export function unfinishedOf({ item, ...job }: Job): Omit<Unfinished, 'page'> | null {
  const { settings, earlier, state } = item
  if (settings === null || !isUnfinished(state, job.sentAt)) return null
  const images = sourcesOf(item.source).map((source) => {
    if (source.kind !== 'file') return source
    const { name, size, lastModified } = source.file
    return { kind: 'missing', name, size, lastModified } as const
  })
  const { attempt, sentAt, closed } = job
  return { attempt, images, settings, earlier, sentAt, closed }
}

function isUnfinished(state: UploadState, sentAt: number | null): boolean {
  switch (state.kind) {
    case 'waiting':
    case 'sending':
    case 'interrupted':
    case 'abandoned':
      return true
    case 'failed':
      return state.again || sentAt !== null
    default:
      return false
  }
}

/** State of a restored job at `time` (epoch ms). Failed with a retry: no file is needed. */
export function restoredState(job: Job, parts: Parts, time: number): UploadState {
  const { sentAt, closed } = job
  const unsure = sentAt !== null
  const sources = sourcesOf(job.item.source)
  const states = sources.map((source) => parts.get(identityOf(source)))
  if (unsure && time >= repeatableUntil(sentAt)) return failed(job, { kind: 'unknown' })
  const hasEnded = states.some((state) => state !== null && hasExpired(state, time))
  if (!unsure && (closed || hasEnded)) {
    return { kind: 'abandoned', why: closed ? 'closed' : 'expired' }
  }
  const needed = sources.flatMap((source, n) =>
    source.kind === 'missing' && states[n]?.kind !== 'complete' ? [source.name] : [],
  )
  if (needed.length === 0) return failed(job, { kind: unsure ? 'unknown' : 'cut' })
  const files = sources.flatMap((source) => (source.kind === 'url' ? [] : [factsOf(source)]))
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const bytes = files.reduce((sum, { size }, n) => sum + arrivedBytes(size, states[n]), 0)
  return { kind: 'interrupted', needed, sent: bytes / total, unsure }
}

function arrivedBytes(size: number, state: PartsState | null | undefined): number {
  if (!state || state.kind === 'expired') return 0
  return state.kind === 'complete' ? size : sentBytes(state.upload, state.sent)
}

/** When the state of an interrupted job changes by itself, epoch milliseconds. */
export function restoredUntil({ item, sentAt }: Job, parts: Parts): number {
  const ends = sourcesOf(item.source).map((source) => {
    const state = parts.get(identityOf(source))
    return (state?.kind === 'open' ? state.upload.expiresAt : null) ?? Number.POSITIVE_INFINITY
  })
  return sentAt === null ? Math.min(...ends) : repeatableUntil(sentAt)
}

/** Puts a chosen file in its place among the missing ones. Returns the job of that image; null if it has none. */
export function fillIn(job: Job, file: File): Job | null {
  const chosen = { kind: 'file', file } as const
  const identity = identityOf(chosen)
  const isIt = (source: ImageSource) => source.kind === 'missing' && identityOf(source) === identity
  const { source } = job.item
  if (source.kind !== 'group') {
    if (!isIt(source)) return null
    job.item = { ...job.item, source: chosen }
    return job
  }
  const part = job.parts.find(({ item }) => item.source.kind !== 'group' && isIt(item.source))
  if (part === undefined) return null
  part.item = { ...part.item, source: chosen }
  const sources = source.sources.map((one) => (isIt(one) ? chosen : one))
  job.item = { ...job.item, source: { kind: 'group', sources } }
  return part
}
