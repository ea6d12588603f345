import type { Batch } from './batch.ts'
import { download } from './disk.ts'
import { nameTemplate } from './name-choice.ts'
import { type Bundle, bundle, type Failure, type Tally } from './save-all.ts'
import { begin } from './under-way.ts'

/** How far the saving of all files is. */
export type AllState =
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'running' } & Tally)
  /** Handed to the browser under this name, which does not tell what becomes of it. */
  | ({ readonly kind: 'done'; readonly name: string } & Tally)
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly reason: string; readonly failures: readonly Failure[] }

const IDLE: AllState = { kind: 'idle' }
const NOTHING: Tally = { count: 0, done: 0, bytes: 0, failures: [] }

export type ZipJob = ReturnType<typeof createZipJob>

/** Saves many files as one zip. It goes on, and is known, whatever page is open. */
function createZipJob() {
  let state = IDLE
  let running: AbortController | null = null
  const listeners = new Set<() => void>()
  const set = (next: AllState) => {
    state = next
    for (const listener of listeners) listener()
  }

  async function make(
    batches: readonly Batch[],
    zipName: string,
    signal: AbortSignal,
    tell: (tally: Tally) => void,
  ): Promise<string | null> {
    const made = await bundle(batches, nameTemplate(), signal, tell)
    if (made.kind === 'none') return null
    const name = made.kind === 'one' ? made.arrived.name : zipName
    const whole = await wholeOf(made)
    signal.throwIfAborted()
    download(whole, name)
    return name
  }

  return {
    state: (): AllState => state,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async save(batches: readonly Batch[], zipName: string): Promise<void> {
      if (running !== null) return
      const controller = new AbortController()
      running = controller
      let last = NOTHING
      const end = begin(() => controller.abort())
      try {
        const name = await make(batches, zipName, controller.signal, (tally) => {
          last = tally
          set({ kind: 'running', ...tally })
        })
        set(
          name === null
            ? { kind: 'failed', reason: 'No file could be fetched.', failures: last.failures }
            : { kind: 'done', name, ...last },
        )
      } catch (error) {
        const reason = `It could not be put together: ${error instanceof Error ? error.message : String(error)}`
        set(
          controller.signal.aborted
            ? { kind: 'cancelled' }
            : { kind: 'failed', reason, failures: last.failures },
        )
      } finally {
        running = null
        end(state.kind === 'failed' ? Math.max(1, last.failures.length) : last.failures.length)
      }
    },
    cancel: () => running?.abort(),
  }
}

/** The browser holds each piece outside the page, on disk where it is short of memory. */
const PIECE = 32_000_000

/**
 * All of it, for the browser to save as it saves any file: beside what is there. A file that is picked
 * beforehand, to be written as it comes, would be empty from then on (File System Access, 3.5), and what
 * it replaces gone, though nothing follows.
 */
async function wholeOf(made: Exclude<Bundle, { kind: 'none' }>): Promise<Blob> {
  if (made.kind === 'one') return made.arrived.blob
  const reader = made.content.getReader()
  const pieces: Blob[] = []
  let over = false
  while (!over) {
    let size = 0
    const piece = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const { done, value } = await reader.read()
        over = done
        if (!done) controller.enqueue(value)
        size += value?.byteLength ?? 0
        if (done || size >= PIECE) controller.close()
      },
    })
    pieces.push(await new Response(piece).blob())
  }
  return new Blob(pieces, { type: 'application/zip' })
}

const jobs = new Map<string, ZipJob>()

/** The one of a task or a list, by a name that is its own. */
export function zipJobOf(name: string): ZipJob {
  const job = jobs.get(name) ?? createZipJob()
  jobs.set(name, job)
  return job
}
