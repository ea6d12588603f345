import { createStore, type Readable } from '../lib/store.ts'
import { unfinishedOf } from './restored-job.ts'
import type { SaveUnfinished } from './unfinished.ts'
import type { Upload, UploadState } from './upload.ts'
import type { Job } from './upload-job.ts'

/** The jobs of a queue. Changes are published and stored together, by `changed`. */
export interface JobTable {
  /** In order. A new array after each change; unchanged items keep their identity. */
  readonly items: Readable<readonly Upload[]>
  readonly all: () => readonly Job[]
  readonly get: (id: string) => Job | undefined
  readonly ofKind: (kind: UploadState['kind']) => readonly Job[]
  readonly add: (job: Job) => void
  /** Replaces jobs by others, in the place of the first; by none to remove them. */
  readonly replace: (from: readonly Job[], to: readonly Job[]) => void
  readonly update: (job: Job, change: Partial<Upload>) => void
  readonly put: (job: Job, state: UploadState) => void
  readonly changed: () => void
  /** Stores a job at once, in whatever state it is. */
  readonly save: (job: Job) => void
  /** Publishes no more. What is aborted now stays stored, to be continued. */
  readonly close: () => void
  readonly isClosed: () => boolean
}

export function createJobTable(save: SaveUnfinished): JobTable {
  const jobs = new Map<string, Job>()
  const items = createStore<readonly Upload[]>([])
  const unsaved = new Set<Job>()
  let stale = false
  let closed = false

  function saveAll(): void {
    const changes = [...unsaved]
      .filter(({ item }) => !closed || item.state.kind === 'started')
      .map((job) => [job.attempt, jobs.has(job.item.id) ? unfinishedOf(job) : null] as const)
    unsaved.clear()
    if (changes.length > 0) save(new Map(changes))
  }

  function update(job: Job, change: Partial<Upload>): void {
    // Progress is not stored.
    if (change.state && change.state.kind !== job.item.state.kind) unsaved.add(job)
    job.item = { ...job.item, ...change }
    stale = true
  }

  return {
    items,
    all: () => [...jobs.values()],
    get: (id) => jobs.get(id),
    ofKind: (kind) => [...jobs.values()].filter(({ item }) => item.state.kind === kind),
    add(job) {
      jobs.set(job.item.id, job)
      unsaved.add(job)
      stale = true
    },
    replace(from, to) {
      const before = [...jobs.values()]
      jobs.clear()
      for (const job of before) {
        const kept = job === from[0] ? to : from.includes(job) ? [] : [job]
        for (const one of kept) jobs.set(one.item.id, one)
      }
      for (const job of from) unsaved.add(job)
      stale = true
    },
    update,
    put: (job, state) => update(job, { state }),
    changed() {
      saveAll()
      if (!stale || closed) return
      stale = false
      items.set([...jobs.values()].map(({ item }) => item))
    },
    save(job) {
      unsaved.add(job)
      saveAll()
    },
    close() {
      closed = true
    },
    isClosed: () => closed,
  }
}
