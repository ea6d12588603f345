import type { CreateTaskError, Source } from '../api/create-task.ts'
import { randomHex } from '../lib/browser/random.ts'
import type { Upload, UploadState } from './upload.ts'

/** An upload and the internal state that the queue keeps for it. */
export interface Job {
  item: Upload
  /** Idempotency key: identifies a retry as the same attempt. */
  readonly attempt: string
  /** True when an earlier attempt may have started a task. */
  unsure: boolean
}

export const createJob = (source: Source): Job => ({
  item: {
    id: randomHex(16),
    source,
    state: { kind: source.kind === 'file' ? 'checking' : 'ready' },
    dimensions: null,
    thumbnail: null,
    settings: null,
  },
  attempt: randomHex(16),
  unsure: false,
})

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
