import type { Result } from '../../core/lib/result.ts'
import { atOnce } from '../lib/at-once.ts'
import { now, wakeWhen } from '../lib/clock.ts'
import { createStore } from '../lib/store.ts'
import { examine } from './examine.ts'
import { type FetchFault, fetchFile, fetchImage, type Received } from './fetch-file.ts'
import type { Refusal } from './file-state.ts'
import { download, writeInto } from './file-system.ts'
import { begin } from './in-progress.ts'
import { type Expected, judge, type Unfit, type Verdict } from './verify.ts'

/** State of one file's download on this page. */
export type SaveState =
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'fetching' } & Received)
  /** Received and being verified; `savedTo` once it is saved, from when on it can't be cancelled. */
  | { readonly kind: 'checking'; readonly savedTo: SavedTo | null }
  | { readonly kind: 'checked'; readonly savedTo: SavedTo | null; readonly verdict: Verdict }
  /** `url` is the link that failed; there may be a newer one. */
  | { readonly kind: 'failed'; readonly fault: SaveFault; readonly url: string }

export type SavedTo =
  /** Handed to the browser, which may prompt first and does not report the outcome. */
  | { readonly kind: 'downloads'; readonly name: string }
  | { readonly kind: 'folder'; readonly folder: string; readonly name: string }

export type SaveFault =
  | FetchFault
  | Unfit
  | { readonly kind: 'disk'; readonly reason: string }
  /** The listed file has no link. */
  | { readonly kind: 'no-link' }
  /** The task has no files. */
  | { readonly kind: 'no-files' }

export interface Wanted {
  readonly id: string
  readonly url: string
  readonly name: string
  readonly expected: Expected
}

const IDLE: SaveState = { kind: 'idle' }
/** More frequent progress updates would not be visible (milliseconds). */
const REPORT_EVERY = 100
/** Leaves the browser connections to the host for the page's own requests. */
const AT_ONCE = 3

interface Running {
  readonly controller: AbortController
  readonly ended: Promise<void>
}

type Put = (blob: Blob, signal: AbortSignal) => Promise<SavedTo> | SavedTo

export type DownloadQueue = ReturnType<typeof createDownloadQueue>

/** All fetching, checking and saving of one task's files. */
function createDownloadQueue() {
  const { get, change, subscribe } = createStore<ReadonlyMap<string, SaveState>>(new Map())
  const refusals = new Map<string, Refusal>()
  const running = new Map<string, Running>()
  const filled = new WeakMap<FileSystemDirectoryHandle, Set<string>>()

  const of = (id: string): SaveState => get().get(id) ?? IDLE
  const set = (id: string, state: SaveState) => change((all) => new Map([...all, [id, state]]))

  /** Same as `perform`, unless the file is being fetched or verified already. */
  async function run(wanted: Wanted, put: Put | null): Promise<void> {
    const { id } = wanted
    if (running.has(id)) return
    const controller = new AbortController()
    const ended = perform(wanted, put, controller).finally(() => running.delete(id))
    running.set(id, { controller, ended })
    await ended
  }

  /** Fetches and verifies a file, then passes it to `put`; null saves nothing. */
  async function perform(
    wanted: Wanted,
    put: Put | null,
    controller: AbortController,
  ): Promise<void> {
    const { id, url, expected } = wanted
    const { signal } = controller
    const end = begin(() => controller.abort())
    const before = of(id)
    try {
      const result = await fetched(wanted, signal, put !== null)
      if (!result.ok) {
        if (result.error.kind === 'ended') refusals.set(id, { url, at: now() })
        set(id, result.error.kind === 'cancelled' ? before : failed(result.error, url))
        return
      }
      set(id, { kind: 'checking', savedTo: null })
      const savedTo = put === null ? null : await put(result.value, signal)
      if (savedTo !== null) set(id, { kind: 'checking', savedTo })
      const arrived = await examine(result.value, savedTo === null ? signal : undefined)
      set(id, { kind: 'checked', savedTo, verdict: judge(arrived, expected) })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      set(id, signal.aborted ? before : failed({ kind: 'disk', reason }, url))
    } finally {
      end(of(id).kind === 'failed' && !signal.aborted ? 1 : 0)
    }
  }

  function fetched(
    { id, url, expected }: Wanted,
    signal: AbortSignal,
    toKeep: boolean,
  ): Promise<Result<Blob, FetchFault | Unfit>> {
    let progress: Received = { received: 0, total: null }
    let cancelWake: (() => void) | null = null
    const report = () => {
      cancelWake = null
      set(id, { kind: 'fetching', ...progress })
    }
    report()
    const onReceived = (received: Received) => {
      progress = received
      cancelWake ??= wakeWhen(now() + REPORT_EVERY, report)
    }
    const transfer = toKeep
      ? fetchImage(url, expected, signal, onReceived)
      : fetchFile(url, signal, onReceived)
    return transfer.finally(() => cancelWake?.())
  }

  return {
    of,
    refusalOf: (id: string): Refusal | null => refusals.get(id) ?? null,
    subscribe,

    /** Fetches the file and saves it to the browser's downloads. */
    save: (wanted: Wanted) =>
      run(wanted, (blob) => {
        download(blob, wanted.name)
        return { kind: 'downloads', name: wanted.name }
      }),
    /** Fetches the file and verifies it without saving. */
    check: (wanted: Wanted) => run(wanted, null),
    cancel: (id: string) => running.get(id)?.controller.abort(),

    /** Saves each file into the folder once; failures are retried only by the user. */
    async fill(folder: FileSystemDirectoryHandle, wanted: readonly Wanted[]): Promise<void> {
      const taken = filled.get(folder) ?? new Set()
      filled.set(folder, taken)
      const limited = atOnce(AT_ONCE)
      let stopped = false
      const end = begin(() => {
        stopped = true
      }, 0)
      const put = async (one: Wanted) => {
        if (stopped || taken.has(one.id)) return
        taken.add(one.id)
        // It may be fetched just now, for the browser's downloads or only to verify it.
        while (running.has(one.id)) await running.get(one.id)?.ended
        if (stopped) return
        await run(one, async (blob, signal) => ({
          kind: 'folder',
          folder: folder.name,
          name: await writeInto(folder, one.name, blob, signal),
        }))
      }
      await Promise.all(wanted.map((one) => limited(() => put(one))))
      end()
    },
  }
}

const queues = new Map<string, DownloadQueue>()

/** Download queue of a task, by a unique name. It outlives the page that started it. */
export function downloadQueueFor(task: string): DownloadQueue {
  const queue = queues.get(task) ?? createDownloadQueue()
  queues.set(task, queue)
  return queue
}

const failed = (fault: SaveFault, url: string): SaveState => ({ kind: 'failed', fault, url })
