import type { RateLimit } from '../../core/api/rate-limit.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import {
  acquire,
  applyLimits,
  capacity,
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
import { type Group, type Preview, sourcesOf, type Upload, type UploadState } from './upload.ts'
import {
  createGroup,
  createJob,
  failed,
  identityOf,
  idle,
  isForAll,
  isOpen,
  isSplitBy,
  isUnsure,
  type Job,
  mayRetry,
  replaceJobs,
} from './upload-job.ts'
import { examineFile } from './validate-image.ts'

/** Two uploads saturate a connection; more would only slow each other down. */
const AT_ONCE = 2

/** Larger images are not decoded for a thumbnail: this many pixels take 200 MB. */
const MAX_PREVIEW_PIXELS = 50_000_000

const WAITING: UploadState = { kind: 'waiting', until: null }

export interface UploadQueueOptions {
  /** Never rejects. */
  readonly start: (
    source: Source | Group,
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
}

/** All images of a page that are to become tasks. */
export interface UploadQueue {
  /** In order. A new array after each change; unchanged items keep their identity. */
  readonly items: Readable<readonly Upload[]>
  /**
   * Returns the number of duplicates that were skipped. An image that is run again from several tasks is none:
   * their settings differ.
   */
  readonly add: (files: readonly File[], earlier?: EarlierTask | null) => number
  /** Same as `add`, for http(s) URLs. */
  readonly addUrls: (urls: readonly string[], earlier?: EarlierTask | null) => number
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
  /** Whether leaving the page now would abort an upload. */
  readonly isBusy: () => boolean
  /** Aborts active uploads. Those fully sent still wait for their response. */
  readonly close: () => void
}

export function createUploadQueue({
  start,
  quota,
  preview,
  onStarted,
  onShown,
}: UploadQueueOptions): UploadQueue {
  /** In queue order. */
  const jobs = new Map<string, Job>()
  const sending = new Map<string, AbortController>()
  const items = createStore<readonly Upload[]>([])
  const singleOnly = createStore(false)
  let stale = false
  let cancelWake = () => {}
  let advancing = false
  let closed = false
  /** The last image to be decoded, and those before it. */
  let previews: Promise<void> = Promise.resolve()

  /** Notifies subscribers if anything changed. */
  function changed(): void {
    if (!stale || closed) return
    stale = false
    items.set([...jobs.values()].map(({ item }) => item))
  }

  const update = (job: Job, change: Partial<Upload>) => {
    job.item = { ...job.item, ...change }
    stale = true
  }
  const put = (job: Job, state: UploadState) => update(job, { state })

  function addAll(sources: readonly Source[], earlier: EarlierTask | null): number {
    const known = new Set(
      [...jobs.values()]
        .filter(isOpen)
        .filter(({ item }) => earlier === null || item.earlier?.taskId === earlier.taskId)
        .flatMap(({ item }) => sourcesOf(item.source).map(identityOf)),
    )
    const fresh = sources.filter((source) => {
      const name = identityOf(source)
      return !known.has(name) && known.add(name)
    })
    for (const source of fresh) {
      const plain = earlier === null ? undefined : unstartedJob(source)
      if (plain !== undefined) {
        update(plain, { earlier })
        continue
      }
      const job = createJob(source, earlier)
      jobs.set(job.item.id, job)
      stale = true
      if (source.kind === 'file') void check(job, source.file)
    }
    changed()
    return sources.length - fresh.length
  }

  /** The image itself, added before it was run again. */
  const unstartedJob = (source: Source) =>
    [...ofKind('ready'), ...ofKind('checking')].find(
      ({ item }) =>
        item.earlier === null &&
        item.source.kind !== 'group' &&
        identityOf(item.source) === identityOf(source),
    )

  async function check(job: Job, file: File): Promise<void> {
    const examined = await examineFile(file)
    if (!examined.ok) {
      put(job, { kind: 'invalid', why: examined.error })
      return changed()
    }
    const dimensions = examined.value
    update(job, { state: { kind: 'ready' }, dimensions })
    const { width, height } = dimensions ?? { width: 0, height: 0 }
    if (width * height <= MAX_PREVIEW_PIXELS) previews = previews.then(() => show(job, file))
    changed()
  }

  async function show(job: Job, file: File): Promise<void> {
    const isListed = jobs.has(job.item.id) || groupOf(job) !== undefined
    const shown = closed || !isListed ? null : await preview(file)
    if (shown === null) return
    const { thumbnail, width, height } = shown
    update(job, { thumbnail, dimensions: { width, height } })
    const group = groupOf(job)
    if (group?.parts[0] === job) update(group, { thumbnail })
    const { item } = group ?? job
    if (item.state.kind === 'started') onShown(item, item.state.taskId)
    changed()
  }

  const groupOf = (job: Job) => [...jobs.values()].find(({ parts }) => parts.includes(job))

  const ofKind = (kind: UploadState['kind']) =>
    [...jobs.values()].filter(({ item }) => item.state.kind === kind)

  /** Sends as many uploads as allowed now, and tells the waiting ones when they can start. */
  function advance(): void {
    if (closed || advancing) return
    advancing = true
    const time = now()
    for (const job of ofKind('waiting')) {
      const { settings } = job.item
      if (settings === null || sending.size >= AT_ONCE || !takeOne(time)) break
      void send(job, settings, time)
    }
    advancing = false
    updateWaitTimes()
    changed()
  }

  /** Counts the start before sending it, so that a crash cannot lose the count. */
  function takeOne(time: number): boolean {
    // Writes only when a slot is taken, since each write wakes the other tabs.
    if (capacity(quota.get(), time).after([]) > time) return false
    let wait = 0
    quota.change((before) => {
      const [after, ms] = acquire(before, time)
      wait = ms
      return after
    })
    return wait === 0
  }

  function updateWaitTimes(): void {
    cancelWake()
    cancelWake = () => {}
    const time = now()
    const { after } = capacity(quota.get(), time)
    const ahead: number[] = []
    for (const job of ofKind('waiting')) {
      const at = after(ahead)
      if (ahead.length === 0 && at > time) cancelWake = wakeWhen(at, advance)
      ahead.push(at)
      const until = at > time ? at : null
      const { state } = job.item
      if (state.kind !== 'waiting' || state.until !== until) put(job, { kind: 'waiting', until })
    }
  }

  async function send(job: Job, settings: StartSettings, sentAt: number): Promise<void> {
    const { item, attempt } = job
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
    const result = await start(item.source, settings, { attempt, onProgress, onLimits, signal })
    sending.delete(item.id)
    if (result.ok) {
      const { taskId, credits } = result.value
      put(job, { kind: 'started', taskId, credits })
      onStarted(job.item, result.value, now())
    } else {
      fail(job, result.error, sentAt)
    }
    advance()
  }

  function fail(job: Job, error: CreateTaskError, sentAt: number): void {
    if (error.kind === 'limited') {
      put(job, WAITING)
      quota.change((before) => onRateLimited(before, now(), error.until))
      return
    }
    if (isUnsure(job, error)) job.unsure = true
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
  function end(job: Job, error: CreateTaskError): void {
    if (isSplitBy(job, error)) {
      replaceJobs(jobs, [job], job.parts)
      stale = true
      const rejected = error.kind === 'rejected' ? job.parts[error.image ?? -1] : undefined
      if (rejected !== undefined) put(rejected, failed(rejected, error))
    } else {
      put(job, failed(job, error))
    }
  }

  function enqueue(job: Job, settings: StartSettings): void {
    const isRepeated = job.unsure && job.item.settings !== null
    update(job, isRepeated ? { state: WAITING } : { state: WAITING, settings })
  }

  const stopListening = quota.subscribe(advance)

  return {
    items,
    singleOnly,
    add: (files, earlier = null) =>
      addAll(
        files.map((file) => ({ kind: 'file', file })),
        earlier,
      ),
    addUrls: (urls, earlier = null) =>
      addAll(
        urls.map((url) => ({ kind: 'url', url })),
        earlier,
      ),
    remove(id) {
      if (sending.has(id)) return
      if (jobs.delete(id)) stale = true
      advance()
    },
    start(settings, asGroup = false, only = null) {
      const ready = ofKind('ready').filter(({ item }) => only?.includes(item.id) ?? true)
      const isGroup = asGroup && ready.length > 1
      const started = isGroup ? [createGroup(ready)] : ready
      if (isGroup) replaceJobs(jobs, ready, started)
      for (const job of started) enqueue(job, settings)
      advance()
    },
    cancel(id) {
      sending.get(id)?.abort()
      const job = jobs.get(id)
      if (job?.item.state.kind !== 'waiting') return
      end(job, { kind: 'cancelled' })
      advance()
    },
    retry(id, settings) {
      const job = jobs.get(id)
      if (job === undefined || !mayRetry(job.item.state)) return
      enqueue(job, settings)
      advance()
    },
    isBusy: () => ofKind('sending').length + ofKind('waiting').length > 0,
    close() {
      closed = true
      cancelWake()
      stopListening()
      for (const { item } of ofKind('sending')) {
        if (item.state.kind === 'sending' && item.state.sent < 1) sending.get(item.id)?.abort()
      }
    },
  }
}
