import { STARTS_KEPT_MS } from '../../core/api/upload-limits.ts'
import { HOUR } from '../../core/lib/units.ts'
import type { CreateTaskError } from '../api/create-task.ts'
import { randomHex } from '../lib/browser/random.ts'
import { now } from '../lib/clock.ts'
import type { EarlierTask } from './earlier-task.ts'
import {
  type AttemptError,
  type ImageSource,
  sourcesOf,
  type Upload,
  type UploadState,
} from './upload.ts'

/** An upload and the internal state that the queue keeps for it. */
export interface Job {
  item: Upload
  /** Idempotency key: identifies a retry as the same attempt. */
  readonly attempt: string
  /** When a start was first sent whose outcome is unknown, epoch ms; null if no task can have been started. */
  sentAt: number | null
  /** It was under way in a tab that was closed. */
  readonly closed: boolean
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
  sentAt: null,
  closed: false,
  parts,
})

export const createJob = (source: ImageSource, earlier: EarlierTask | null): Job =>
  newJob(source, source.kind === 'file' ? 'checking' : 'ready', null, [], earlier)

/** One job for the images of several. */
export const createGroup = (parts: readonly Job[]): Job => {
  const sources = parts.flatMap(({ item }) => sourcesOf(item.source))
  const thumbnail = parts[0]?.item.thumbnail ?? null
  const [earlier = null, ...others] = parts.flatMap(({ item }) => item.earlier ?? [])
  const isOne = others.every(({ taskId }) => taskId === earlier?.taskId)
  return newJob({ kind: 'group', sources }, 'ready', thumbnail, parts, isOne ? earlier : null)
}

/** Whether the images of a group become separate again: its task was certainly not started. */
export const isSplitBy = ({ parts, sentAt }: Job, error: CreateTaskError): boolean =>
  parts.length > 0 &&
  sentAt === null &&
  (error.kind === 'cancelled' ||
    error.kind === 'single-only' ||
    (error.kind === 'rejected' && error.image !== undefined))

/** Whether a task may have been started in spite of the error. */
export const isUnsure = ({ kind }: CreateTaskError): boolean =>
  kind === 'unknown' || kind === 'upstream'

/** When it becomes unsafe to repeat a start that was sent at `sentAt`: an upload takes time, too. */
export const repeatableUntil = (sentAt: number): number => sentAt + STARTS_KEPT_MS - HOUR

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
export function failed({ sentAt }: Job, error: AttemptError): UploadState {
  const nothing = NOTHING.has(error.kind)
  if (sentAt !== null && (nothing || now() >= repeatableUntil(sentAt))) {
    const again = now() < repeatableUntil(sentAt)
    return { kind: 'failed', error: { kind: 'unknown' }, again }
  }
  if (error.kind === 'cancelled') return { kind: 'cancelled' }
  return { kind: 'failed', error, again: !FINAL.has(error.kind) }
}

/** State of a job that leaves the queue without an attempt. */
export const idle = (job: Job): UploadState =>
  job.sentAt === null ? { kind: 'ready' } : failed(job, { kind: 'unknown' })

export const mayRetry = (state: UploadState): boolean =>
  state.kind === 'cancelled' || (state.kind === 'failed' && state.again)

/** Whether choosing the file again continues it. */
export const isContinuable = (state: UploadState): boolean =>
  state.kind === 'interrupted' || (state.kind === 'failed' && state.again)

/** Whether a duplicate is skipped: the job may still become a task, or its image is invalid. */
export const isOpen = ({ item: { state } }: Job): boolean =>
  state.kind !== 'started' && state.kind !== 'abandoned' && (state.kind !== 'failed' || state.again)
