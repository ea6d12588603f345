import { randomHex } from '../lib/browser/random.ts'
import type { Source, StartError, StartSettings } from '../upscayl/start-task.ts'
import type { Item, ItemState } from './item.ts'

/** An item with what the starter has to know of it. */
export interface Job {
  item: Item
  /** Tells the server that a second try is one. */
  readonly attempt: string
  /** Of the last start; null before. */
  settings: StartSettings | null
  /** An earlier try may have started a task. */
  unsure: boolean
}

export const createJob = (source: Source): Job => ({
  item: {
    id: randomHex(16),
    source,
    state: { kind: source.kind === 'file' ? 'checking' : 'ready' },
  },
  attempt: randomHex(16),
  settings: null,
  unsure: false,
})

const FOR_ALL: ReadonlySet<StartError['kind']> = new Set([
  'key',
  'credits',
  'unavailable',
  'unreachable',
])
/** No task was started by it. */
const NOTHING: ReadonlySet<StartError['kind']> = new Set(['cut', 'cancelled', 'unreachable'])
const FINAL: ReadonlySet<StartError['kind']> = new Set(['rejected', 'too-large'])

/** Whether the same would come of every other image. */
export const isForAll = ({ kind }: StartError): boolean => FOR_ALL.has(kind)

/** After a try that failed. That it came to nothing says nothing of an earlier one. */
export function failed({ unsure }: Job, error: StartError): ItemState {
  const nothing = NOTHING.has(error.kind)
  if (unsure && nothing) return { kind: 'failed', error: { kind: 'unknown' }, again: true }
  if (error.kind === 'cancelled') return { kind: 'cancelled' }
  return { kind: 'failed', error, again: !FINAL.has(error.kind) }
}

/** Out of the line without a try. */
export const idle = (job: Job): ItemState =>
  job.unsure ? failed(job, { kind: 'unknown' }) : { kind: 'ready' }

export const mayRetry = (state: ItemState): boolean =>
  state.kind === 'cancelled' || (state.kind === 'failed' && state.again)

/** Whether it may still become a task, or has nothing in it that could: the same once more is not wanted. */
export const isOpen = ({ item: { state } }: Job): boolean =>
  state.kind !== 'started' && (state.kind !== 'failed' || state.again)

/** What two images that are the same have in common. */
export const identityOf = (source: Source): string =>
  source.kind === 'url'
    ? source.url
    : `${source.file.lastModified} ${source.file.size} ${source.file.name}`
