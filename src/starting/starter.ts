import { now, wakeWhen } from '../lib/clock.ts'
import type { SharedValue } from '../lib/shared-value.ts'
import { type Allowance, giveBack, refuse, room, take } from '../polling/budget.ts'
import type {
  Source,
  StartError,
  Started,
  StartOptions,
  StartResult,
  StartSettings,
} from '../upscayl/start-task.ts'
import { examineFile } from './examine.ts'
import type { Item, ItemState } from './item.ts'
import { createJob, failed, identityOf, idle, isForAll, isOpen, type Job, mayRetry } from './job.ts'

/** Two uploads fill a line; more of them only make each slower. */
const AT_ONCE = 2

const WAITING: ItemState = { kind: 'waiting', until: null }

export interface StarterOptions {
  /** Never rejects. */
  readonly start: (
    source: Source,
    settings: StartSettings,
    options: StartOptions,
  ) => Promise<StartResult>
  readonly allowance: SharedValue<Allowance>
  /** A task was started at `startedAt` (epoch ms). Also called after `close`. */
  readonly onStarted: (item: Item, started: Started, startedAt: number) => void
}

/** All images of a page that are to become tasks, one each, in their order. */
export interface Starter {
  /** A new array after each change, and only then; an item that is the same is the same object. */
  readonly state: () => readonly Item[]
  readonly subscribe: (listener: () => void) => () => void
  /** Returns how many were left out, since they are there already. */
  readonly add: (files: readonly File[]) => number
  /** The same for http(s) addresses. */
  readonly addUrls: (urls: readonly string[]) => number
  /** What is being sent stays. */
  readonly remove: (id: string) => void
  /** Starts all that is ready. */
  readonly start: (settings: StartSettings) => void
  readonly cancel: (id: string) => void
  /** `settings` count unless a task may have been started already: then it is the same start once more. */
  readonly retry: (id: string, settings: StartSettings) => void
  /** Whether leaving the page now would break something off. */
  readonly isBusy: () => boolean
  /** Breaks off what is being sent, but for what is all sent: that is waited for. */
  readonly close: () => void
}

export function createStarter({ start, allowance, onStarted }: StarterOptions): Starter {
  /** In the order of their turns. */
  const jobs = new Map<string, Job>()
  const sending = new Map<string, AbortController>()
  const listeners = new Set<() => void>()
  let items: readonly Item[] | null = null
  let callOff = () => {}
  let advancing = false
  let closed = false

  /** Tells who listens, if anything is other than they know. */
  function changed(): void {
    if (items !== null || closed) return
    for (const listener of [...listeners]) listener()
  }

  const put = (job: Job, state: ItemState) => {
    job.item = { ...job.item, state }
    items = null
  }

  function addAll(sources: readonly Source[]): number {
    const known = new Set(
      [...jobs.values()].filter(isOpen).map(({ item }) => identityOf(item.source)),
    )
    const fresh = sources.filter((source) => {
      const name = identityOf(source)
      return !known.has(name) && known.add(name)
    })
    for (const source of fresh) {
      const job = createJob(source)
      jobs.set(job.item.id, job)
      items = null
      if (source.kind === 'file') void check(job, source.file)
    }
    changed()
    return sources.length - fresh.length
  }

  async function check(job: Job, file: File): Promise<void> {
    const why = await examineFile(file)
    put(job, why === null ? { kind: 'ready' } : { kind: 'unfit', why })
    changed()
  }

  const ofKind = (kind: ItemState['kind']) =>
    [...jobs.values()].filter(({ item }) => item.state.kind === kind)

  /** Sends as much as may be sent now, and tells the others when. */
  function advance(): void {
    if (closed || advancing) return
    advancing = true
    const time = now()
    for (const job of ofKind('waiting')) {
      if (job.settings === null || sending.size >= AT_ONCE || !takeOne(time)) break
      void send(job, job.settings, time)
    }
    advancing = false
    foretell()
    changed()
  }

  /** Counts the start before it is sent, so that a crash cannot lose it. */
  function takeOne(time: number): boolean {
    // Nothing is written where nothing is taken, for each writing wakes the other tabs.
    if (room(allowance.get(), time).after([]) > time) return false
    let wait = 0
    allowance.change((before) => {
      const [after, ms] = take(before, time)
      wait = ms
      return after
    })
    return wait === 0
  }

  function foretell(): void {
    callOff()
    callOff = () => {}
    const time = now()
    const { after } = room(allowance.get(), time)
    const ahead: number[] = []
    for (const job of ofKind('waiting')) {
      const at = after(ahead)
      if (ahead.length === 0 && at > time) callOff = wakeWhen(at, advance)
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
    const result = await start(item.source, settings, { attempt, onProgress, signal })
    sending.delete(item.id)
    if (result.ok) {
      put(job, { kind: 'started', ...result.value })
      onStarted(job.item, result.value, now())
    } else {
      fail(job, result.error, sentAt)
    }
    advance()
  }

  function fail(job: Job, error: StartError, sentAt: number): void {
    if (error.kind === 'limited') {
      put(job, WAITING)
      allowance.change((before) => refuse(before, now(), error.until))
      return
    }
    if (error.kind === 'unknown') job.unsure = true
    put(job, failed(job, error))
    if (isForAll(error)) for (const other of ofKind('waiting')) put(other, idle(other))
    if (error.kind === 'unreachable') allowance.change((before) => giveBack(before, sentAt))
  }

  function line(job: Job, settings: StartSettings): void {
    if (!job.unsure || job.settings === null) job.settings = settings
    put(job, WAITING)
  }

  const stopListening = allowance.subscribe(advance)

  return {
    state() {
      items ??= [...jobs.values()].map(({ item }) => item)
      return items
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add: (files) => addAll(files.map((file) => ({ kind: 'file', file }))),
    addUrls: (urls) => addAll(urls.map((url) => ({ kind: 'url', url }))),
    remove(id) {
      if (sending.has(id)) return
      if (jobs.delete(id)) items = null
      advance()
    },
    start(settings) {
      for (const job of ofKind('ready')) line(job, settings)
      advance()
    },
    cancel(id) {
      sending.get(id)?.abort()
      const job = jobs.get(id)
      if (job?.item.state.kind !== 'waiting') return
      put(job, failed(job, { kind: 'cancelled' }))
      advance()
    },
    retry(id, settings) {
      const job = jobs.get(id)
      if (job === undefined || !mayRetry(job.item.state)) return
      line(job, settings)
      advance()
    },
    isBusy: () => ofKind('sending').length + ofKind('waiting').length > 0,
    close() {
      closed = true
      callOff()
      stopListening()
      for (const { item } of ofKind('sending')) {
        if (item.state.kind === 'sending' && item.state.sent < 1) sending.get(item.id)?.abort()
      }
    },
  }
}
