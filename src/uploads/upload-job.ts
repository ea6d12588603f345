import type { CreateTaskError, Source } from '../api/create-task.ts'
import { randomHex } from '../lib/browser/random.ts'
import type { EarlierTask } from './earlier-task.ts'
import { sourcesOf, type Upload, type UploadState } from './upload.ts'

/** An upload and the internal state that the queue keeps for it. */
export interface Job {
  item: Upload
  /** Idempotency key: identifies a retry as the same attempt. */
  readonly attempt: string
  /** True when an earlier attempt may have started a task. */
  unsure: boolean
  /** Jobs of the images of a group, in order; none for a single image. */
  readonly parts: readonly Job[]
}

const newJob = (
  source: Upload['source'],
  kind: 'checking' | 'ready',
  thumbnail: string | null,
  parts: readonly Job[],
  earlier: EarlierTask | null,
): Job => ({
  item: {
    id: randomHex(16),
    source,
    state: { kind },
    dimensions: null,
    thumbnail,
    settings: null,
    earlier,
  },
  attempt: randomHex(16),
  unsure: false,
  parts,
})

export const createJob = (source: Source, earlier: EarlierTask | null): Job =>
  newJob(source, source.kind === 'file' ? 'checking' : 'ready', null, [], earlier)

/** One job for the images of several. */
export const createGroup = (parts: readonly Job[]): Job => {
  const sources = parts.flatMap(({ item }) => sourcesOf(item.source))
  const thumbnail = parts[0]?.item.thumbnail ?? null
  const [earlier = null, ...others] = parts.flatMap(({ item }) => item.earlier ?? [])
  const isOne = others.every(({ taskId }) => taskId === earlier?.taskId)
  return newJob({ kind: 'group', sources }, 'ready', thumbnail, parts, isOne ? earlier : null)
}

/** Replaces jobs by others, in the place of the first. */
export function replaceJobs(
  jobs: Map<string, Job>,
  from: readonly Job[],
  to: readonly Job[],
): void {
  const all = [...jobs.values()]
  jobs.clear()
  for (const job of all) {
    const kept = job === from[0] ? to : from.includes(job) ? [] : [job]
    for (const one of kept) jobs.set(one.item.id, one)
  }
}

/** Whether the images of a group become separate again: its task was certainly not started. */
export const isSplitBy = ({ parts, unsure }: Job, error: CreateTaskError): boolean =>
  parts.length > 0 &&
  !unsure &&
  (error.kind === 'cancelled' ||
    error.kind === 'single-only' ||
    (error.kind === 'rejected' && error.image !== undefined))

/** Whether a task may have been started in spite of the error. A group must know, to be split later. */
export const isUnsure = ({ parts }: Job, { kind }: CreateTaskError): boolean =>
  kind === 'unknown' || (parts.length > 0 && kind === 'upstream')

const FOR_ALL: ReadonlySet<CreateTaskError['kind']> = new Set([
  'key',
  'credits',
  'unavailable',
  'unreachable',
])
/** Errors after which no task was started. */
const NOTHING: ReadonlySet<CreateTaskError['kind']> = new Set(['cut', 'cancelled', 'unreachable'])
const FINAL: ReadonlySet<CreateTaskError['kind']> = new Set(['rejected', 'too-large'])

/** Whether every other image would fail in the same way. */
export const isForAll = ({ kind }: CreateTaskError): boolean => FOR_ALL.has(kind)

/** State after a failed attempt. An earlier attempt may still have started a task. */
export function failed({ unsure }: Job, error: CreateTaskError): UploadState {
  const nothing = NOTHING.has(error.kind)
  if (unsure && nothing) return { kind: 'failed', error: { kind: 'unknown' }, again: true }
  if (error.kind === 'cancelled') return { kind: 'cancelled' }
  return { kind: 'failed', error, again: !FINAL.has(error.kind) }
}

/** State of a job that leaves the queue without an attempt. */
export const idle = (job: Job): UploadState =>
  job.unsure ? failed(job, { kind: 'unknown' }) : { kind: 'ready' }

export const mayRetry = (state: UploadState): boolean =>
  state.kind === 'cancelled' || (state.kind === 'failed' && state.again)

/** Whether a duplicate is skipped: the job may still become a task, or its image is invalid. */
export const isOpen = ({ item: { state } }: Job): boolean =>
  state.kind !== 'started' && (state.kind !== 'failed' || state.again)

/** Key that is equal for identical images. */
export const identityOf = (source: Source): string =>
  source.kind === 'url'
    ? source.url
    : `${source.file.lastModified} ${source.file.size} ${source.file.name}`
