import { now, wakeWhen } from '../lib/clock.ts'
import type { Result } from '../lib/result.ts'
import { download, writeInto } from './disk.ts'
import { examine } from './examine.ts'
import { type FetchFault, fetchFile, type Received } from './fetch-file.ts'
import { fetchImage } from './fetch-image.ts'
import type { Refusal } from './file-state.ts'
import { begin } from './under-way.ts'
import { judge, type Promised, type Unfit, type Verdict } from './verify.ts'

/** What goes on with one file on this page. */
export type SaveState =
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'fetching' } & Received)
  /** It has arrived and is looked at. */
  | { readonly kind: 'checking' }
  | { readonly kind: 'checked'; readonly savedTo: SavedTo | null; readonly verdict: Verdict }
  /** By which link it did not come; there may be a newer one. */
  | { readonly kind: 'failed'; readonly fault: SaveFault; readonly url: string }

export type SavedTo =
  /** Handed to the browser, which may ask first, and does not tell what became of it. */
  | { readonly kind: 'downloads'; readonly name: string }
  | { readonly kind: 'folder'; readonly folder: string; readonly name: string }

export type SaveFault =
  | FetchFault
  | Unfit
  | { readonly kind: 'disk'; readonly reason: string }
  /** Of a file that an answer lists. */
  | { readonly kind: 'no-link' }
  /** Of a task. */
  | { readonly kind: 'no-files' }

export interface Wanted {
  readonly id: string
  readonly url: string
  readonly name: string
  readonly promised: Promised
}

const IDLE: SaveState = { kind: 'idle' }
/** A bar that moves more often than this is not seen better. */
const REPORT_EVERY = 100
/** As many as a browser opens to one host without queueing the page's own questions. */
const AT_ONCE = 3

export type Saves = ReturnType<typeof createSaves>

/** All that is being fetched, checked and saved of one task's files. */
function createSaves() {
  const states = new Map<string, SaveState>()
  const refusals = new Map<string, Refusal>()
  const running = new Map<string, AbortController>()
  const listeners = new Set<() => void>()
  const filled = new WeakMap<FileSystemDirectoryHandle, Set<string>>()

  const changed = () => {
    for (const listener of listeners) listener()
  }
  const set = (id: string, state: SaveState) => {
    states.set(id, state)
    changed()
  }

  /** Fetches a file, looks at what came, and hands it to `put`; null: nothing is to be saved. */
  async function run(
    wanted: Wanted,
    put: ((blob: Blob, signal: AbortSignal) => Promise<SavedTo> | SavedTo) | null,
  ): Promise<void> {
    const { id, url, promised } = wanted
    if (running.has(id)) return
    const controller = new AbortController()
    const { signal } = controller
    running.set(id, controller)
    const end = begin(() => controller.abort())
    try {
      const before = states.get(id) ?? IDLE
      const result = await fetched(wanted, signal, put !== null)
      if (!result.ok) {
        if (result.error.kind === 'ended') refusals.set(id, { url, at: now() })
        set(id, result.error.kind === 'cancelled' ? before : failed(result.error, url))
        return
      }
      set(id, { kind: 'checking' })
      const savedTo = put === null ? null : await put(result.value, signal)
      const verdict = judge(await examine(result.value, signal), promised)
      set(id, { kind: 'checked', savedTo, verdict })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      set(id, signal.aborted ? IDLE : failed({ kind: 'disk', reason }, url))
    } finally {
      running.delete(id)
      end(states.get(id)?.kind === 'failed' && !signal.aborted ? 1 : 0)
    }
  }

  function fetched(
    { id, url, promised }: Wanted,
    signal: AbortSignal,
    toKeep: boolean,
  ): Promise<Result<Blob, FetchFault | Unfit>> {
    let far: Received = { received: 0, total: null }
    let callOff: (() => void) | null = null
    const tell = () => {
      callOff = null
      set(id, { kind: 'fetching', ...far })
    }
    tell()
    const hear = (received: Received) => {
      far = received
      callOff ??= wakeWhen(now() + REPORT_EVERY, tell)
    }
    const arriving = toKeep ? fetchImage(url, promised, signal, hear) : fetchFile(url, signal, hear)
    return arriving.finally(() => callOff?.())
  }

  return {
    of: (id: string): SaveState => states.get(id) ?? IDLE,
    refusalOf: (id: string): Refusal | null => refusals.get(id) ?? null,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    /** Fetches the file and saves it among the browser's downloads. */
    save: (wanted: Wanted) =>
      run(wanted, (blob) => {
        download(blob, wanted.name)
        return { kind: 'downloads', name: wanted.name }
      }),
    /** Fetches the file and says whether it is what was promised; nothing is saved. */
    check: (wanted: Wanted) => run(wanted, null),
    cancel: (id: string) => running.get(id)?.abort(),

    /** Puts each of these into the folder, once; what failed is tried again only by a person. */
    async fill(folder: FileSystemDirectoryHandle, wanted: readonly Wanted[]): Promise<void> {
      const taken = filled.get(folder) ?? new Set()
      filled.set(folder, taken)
      const left = wanted.filter(({ id }) => !taken.has(id)).values()
      let stopped = false
      const end = begin(() => {
        stopped = true
      }, 0)
      const work = async () => {
        for (const one of left) {
          if (stopped) return
          taken.add(one.id)
          await run(one, async (blob, signal) => ({
            kind: 'folder',
            folder: folder.name,
            name: await writeInto(folder, one.name, blob, signal),
          }))
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      end()
    },
  }
}

const ofTasks = new Map<string, Saves>()

/** Those of a task, by a name that is its own: they go on, and are known, whatever page is open. */
export function savesOf(task: string): Saves {
  const saves = ofTasks.get(task) ?? createSaves()
  ofTasks.set(task, saves)
  return saves
}

const failed = (fault: SaveFault, url: string): SaveState => ({ kind: 'failed', fault, url })
