import type { RateLimit } from '../../core/api/rate-limit.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { MINUTE } from '../../core/lib/units.ts'
import {
  applyLimits,
  blockUntil,
  onRateLimited,
  type Quota,
  release,
} from '../../core/quota/quota.ts'
import type {
  CreateTaskError,
  CreateTaskResult,
  Source,
  Started,
  StartOptions,
  StartSettings,
} from '../api/create-task.ts'
import { now, wakeWhen } from '../lib/clock.ts'
import { createStore, type Readable, type Store } from '../lib/store.ts'
import type { EarlierTask } from './earlier-task.ts'
import { createImageChecks } from './image-checks.ts'
import { createJobTable } from './job-table.ts'
import type { KeptParts } from './kept-parts.ts'
import { newImages } from './new-images.ts'
import { fillIn, restoredJob, restoredState, restoredUntil } from './restored-job.ts'
import { startTimes, takeSlot } from './start-slots.ts'
import type { SaveUnfinished, Unfinished } from './unfinished.ts'
import {
  type AttemptError,
  type Group,
  type ImageSource,
  identityOf,
  type Preview,
  sourcesOf,
  type Upload,
  type UploadState,
} from './upload.ts'
import {
  createGroup,
  createJob,
  failed,
  idle,
  isContinuable,
  isForAll,
  isSplitBy,
  isUnsure,
  type Job,
  mayRetry,
  repeatableUntil,
} from './upload-job.ts'

/** Two uploads saturate a connection; more would only slow each other down. */
const AT_ONCE = 2

const UNSAVED = ['checking', 'ready', 'waiting', 'sending'] as const

const WAITING: UploadState = { kind: 'waiting', until: null }

export interface UploadQueueOptions {
  /** Never rejects. */
  readonly start: (
    source: ImageSource | Group,
    settings: StartSettings,
    options: StartOptions,
  ) => Promise<CreateTaskResult>
  readonly quota: Store<Quota>
  /** Decodes an image. Called for one image at a time. Never rejects. */
  readonly preview: (file: File) => Promise<Preview | null>
  /** Called when a task was started at `startedAt` (epoch ms), also after `close`. */
  readonly onStarted: (item: Upload, started: Started, startedAt: number) => void
  /** Called when an image was decoded whose task had been started before. */
  readonly onShown: (item: Upload, taskId: TaskId) => void
  readonly save: SaveUnfinished
  readonly parts: Pick<KeptParts, 'get' | 'set'>
}

/** All images of a page that are to become tasks. */
export interface UploadQueue {
  /** In order. A new array after each change; unchanged items keep their identity. */
  readonly items: Readable<readonly Upload[]>
  /**
   * Adds files, and continues uploads that need them. Returns the number of duplicates that were skipped. An
   * image that is run again from several tasks is none: their settings differ.
   */
  readonly add: (files: readonly File[], earlier?: EarlierTask | null) => number
  /** Same as `add`, for http(s) URLs. */
  readonly addUrls: (urls: readonly string[], earlier?: EarlierTask | null) => number
  /** Adds uploads that an earlier load of the page has left. Nothing is sent until their files are chosen again. */
  readonly restore: (uploads: readonly Unfinished[]) => void
  /** Continues uploads with their files. Returns the files that none of them needs. */
  readonly choose: (files: readonly File[]) => readonly File[]
  /** Does nothing while the upload is being sent. */
  readonly remove: (id: string) => void
  /** True once the API has turned out to take one image per task. */
  readonly singleOnly: Readable<boolean>
  /** Starts all images that are ready, or `only` these: one task each, or one for all. */
  readonly start: (
    settings: StartSettings,
    asGroup?: boolean,
    only?: readonly string[] | null,
  ) => void
  readonly cancel: (id: string) => void
  /** `settings` apply unless a task may have started already: then the same attempt is repeated. */
  readonly retry: (id: string, settings: StartSettings) => void
  /** Whether leaving the page now would abort an upload, or lose an image that was not started. */
  readonly hasUnsaved: () => boolean
  /** Aborts active uploads. Those fully sent still wait for their response. */
  readonly close: () => void
}

/** Retry time after a limit of other requests; a past one, such as by another clock, is none. */
const laterThan = (time: number, until: number | null): number =>
  until !== null && until > time ? until : time + MINUTE

export function createUploadQueue({
  start,
  quota,
  preview,
  onStarted,
  onShown,
  save,
  parts,
}: UploadQueueOptions): UploadQueue {
  const table = createJobTable(save)
  const { ofKind, update, put, changed } = table
  const sending = new Map<string, AbortController>()
  const singleOnly = createStore(false)
  let cancelWake = () => {}
  let cancelRestored = () => {}
  let advancing = false
  const check = createImageChecks(table, preview, onShown)

  function addAll(sources: readonly Source[], earlier: EarlierTask | null): number {
    const { fresh, linked, skipped } = newImages(table.all(), sources, earlier)
    for (const job of linked) update(job, { earlier })
    for (const source of fresh) {
      const job = createJob(source, earlier)
      table.add(job)
      if (source.kind === 'file') void check(job, source.file)
    }
    changed()
    return skipped
  }

  function restore(uploads: readonly Unfinished[]): void {
    for (const upload of uploads) {
      const job = restoredJob(upload)
      table.add(job)
      put(job, restoredState(job, parts, now()))
    }
    updateRestored()
  }

  /** Interrupted uploads expire. */
  function updateRestored(): void {
    cancelRestored()
    for (const job of ofKind('interrupted')) put(job, restoredState(job, parts, now()))
    const until = Math.min(...ofKind('interrupted').map((job) => restoredUntil(job, parts)))
    if (until < Number.POSITIVE_INFINITY) cancelRestored = wakeWhen(until, updateRestored)
    changed()
  }

  function choose(files: readonly File[]): readonly File[] {
    const unneeded = files.filter((file) => {
      let isNeeded = false
      for (const job of table.all()) {
        const image = isContinuable(job.item.state) ? fillIn(job, file) : null
        if (image === null) continue
        isNeeded = true
        void check(image, file)
        const state = restoredState(job, parts, now())
        put(job, mayRetry(state) ? WAITING : state)
      }
      return !isNeeded
    })
    advance()
    return unneeded
  }

  /** Sends as many uploads as allowed now, and tells the waiting ones when they can start. */
  function advance(): void {
    if (table.isClosed() || advancing) return
    advancing = true
    const time = now()
    for (const job of ofKind('waiting')) {
      const { settings } = job.item
      if (settings === null || sending.size >= AT_ONCE || !takeSlot(quota, time)) break
      void send(job, settings, time)
    }
    advancing = false
    updateWaitTimes()
    changed()
  }

  function updateWaitTimes(): void {
    cancelWake()
    cancelWake = () => {}
    const waiting = ofKind('waiting')
    const times = startTimes(quota.get(), now(), waiting.length)
    const [first = null] = times
    if (first !== null) cancelWake = wakeWhen(first, advance)
    for (const [n, job] of waiting.entries()) {
      const until = times[n] ?? null
      const { state } = job.item
      if (state.kind !== 'waiting' || state.until !== until) put(job, { kind: 'waiting', until })
    }
  }

  async function send(job: Job, settings: StartSettings, sentAt: number): Promise<void> {
    const { item, attempt, sentAt: firstSentAt } = job
    const controller = new AbortController()
    const { signal } = controller
    sending.set(item.id, controller)
    put(job, { kind: 'sending', sent: 0 })
    const onProgress = (sent: number) => {
      if (sending.get(item.id) !== controller) return
      put(job, { kind: 'sending', sent })
      changed()
    }
    const onLimits = (limits: readonly RateLimit[]) =>
      quota.change((before) => applyLimits(before, now(), limits))
    // Stored before it is sent: after a crash, a task may have been started.
    const onSend = () => {
      job.sentAt ??= now()
      table.save(job)
    }
    const options = { attempt, onSend, onProgress, onLimits, signal }
    const result = await start(item.source, settings, options)
    sending.delete(item.id)
    if (result.ok) {
      const { taskId, credits } = result.value
      put(job, { kind: 'started', taskId, credits })
      onStarted(job.item, result.value, now())
      table.save(job)
    } else {
      job.sentAt = isUnsure(result.error) ? (firstSentAt ?? sentAt) : firstSentAt
      fail(job, result.error, sentAt)
    }
    advance()
  }

  function fail(job: Job, error: CreateTaskError, sentAt: number): void {
    if (error.kind === 'limited') {
      const { until, ofStarts } = error
      put(job, WAITING)
      quota.change((before) =>
        ofStarts
          ? onRateLimited(before, now(), until)
          : blockUntil(release(before, sentAt), now(), laterThan(now(), until)),
      )
      return
    }
    if (error.kind === 'single-only') singleOnly.set(true)
    end(job, error)
    if (isForAll(error)) {
      for (const other of ofKind('waiting')) {
        if (other.parts.length > 0) end(other, { kind: 'cancelled' })
        else put(other, idle(other))
      }
    }
    if (error.kind === 'unreachable') quota.change((before) => release(before, sentAt))
  }

  /** After an attempt that started no task, as far as is known. */
  function end(job: Job, error: AttemptError): void {
    if (isSplitBy(job, error)) {
      table.replace([job], job.parts)
      const rejected = error.kind === 'rejected' ? job.parts[error.image ?? -1] : undefined
      if (rejected !== undefined) put(rejected, failed(rejected, error))
    } else {
      put(job, failed(job, error))
    }
  }

  function enqueue(job: Job, settings: StartSettings): void {
    const { sentAt, item } = job
    if (sentAt === null || item.settings === null) update(job, { state: WAITING, settings })
    else put(job, now() < repeatableUntil(sentAt) ? WAITING : failed(job, { kind: 'unknown' }))
  }

  const stopListening = quota.subscribe(advance)

  return {
    items: table.items,
    singleOnly,
    add: (files, earlier = null) =>
      addAll(
        (earlier === null ? choose(files) : files).map((file) => ({ kind: 'file', file })),
        earlier,
      ),
    addUrls: (urls, earlier = null) =>
      addAll(
        urls.map((url) => ({ kind: 'url', url })),
        earlier,
      ),
    restore,
    choose,
    remove(id) {
      const job = table.get(id)
      if (job === undefined || sending.has(id)) return
      table.replace([job], [])
      for (const source of sourcesOf(job.item.source)) parts.set(identityOf(source), null)
      advance()
    },
    start(settings, asGroup = false, only = null) {
      const ready = ofKind('ready').filter(({ item }) => only?.includes(item.id) ?? true)
      const isGroup = asGroup && ready.length > 1
      const started = isGroup ? [createGroup(ready)] : ready
      if (isGroup) table.replace(ready, started)
      for (const job of started) enqueue(job, settings)
      advance()
    },
    cancel(id) {
      sending.get(id)?.abort()
      const job = table.get(id)
      if (job?.item.state.kind !== 'waiting') return
      end(job, { kind: 'cancelled' })
      advance()
    },
    retry(id, settings) {
      const job = table.get(id)
      if (job === undefined || !mayRetry(job.item.state)) return
      enqueue(job, settings)
      advance()
    },
    hasUnsaved: () => UNSAVED.some((kind) => ofKind(kind).length > 0),
    close() {
      table.close()
      cancelWake()
      cancelRestored()
      stopListening()
      for (const { item } of ofKind('sending')) {
        if (item.state.kind === 'sending' && item.state.sent < 1) sending.get(item.id)?.abort()
      }
    },
  }
}
