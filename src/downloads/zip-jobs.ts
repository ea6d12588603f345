import { createStore } from '../lib/store.ts'
import type { Batch } from './batch.ts'
import { type Bundle, bundle, type DownloadProgress, type Failure } from './download-all.ts'
import { download } from './file-system.ts'
import { begin } from './in-progress.ts'
import { nameTemplate } from './name-template.ts'

/** Progress of downloading all files. */
export type AllState =
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'running' } & DownloadProgress)
  /** Handed to the browser under this name; it does not report the outcome. */
  | ({ readonly kind: 'done'; readonly name: string } & DownloadProgress)
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly reason: string; readonly failures: readonly Failure[] }

const IDLE: AllState = { kind: 'idle' }
const NOTHING: DownloadProgress = { count: 0, done: 0, bytes: 0, failures: [] }

export type ZipJob = ReturnType<typeof createZipJob>

/** Saves many files as one zip. It keeps running when the page is left. */
function createZipJob() {
  const state = createStore(IDLE)
  let running: AbortController | null = null

  async function createZip(
    batches: readonly Batch[],
    zipName: string,
    signal: AbortSignal,
    onProgress: (progress: DownloadProgress) => void,
  ): Promise<string | null> {
    const made = await bundle(batches, nameTemplate.get(), signal, onProgress)
    if (made.kind === 'none') return null
    const name = made.kind === 'one' ? made.arrived.name : zipName
    const whole = await toBlob(made)
    signal.throwIfAborted()
    download(whole, name)
    return name
  }

  return {
    state,
    async save(batches: readonly Batch[], zipName: string): Promise<void> {
      if (running !== null) return
      const controller = new AbortController()
      running = controller
      let last = NOTHING
      const end = begin(() => controller.abort())
      try {
        const name = await createZip(batches, zipName, controller.signal, (progress) => {
          last = progress
          state.set({ kind: 'running', ...progress })
        })
        state.set(
          name === null
            ? { kind: 'failed', reason: 'No file could be downloaded.', failures: last.failures }
            : { kind: 'done', name, ...last },
        )
      } catch (error) {
        const reason = `Couldn’t create the zip: ${error instanceof Error ? error.message : String(error)}`
        state.set(
          controller.signal.aborted
            ? { kind: 'cancelled' }
            : { kind: 'failed', reason, failures: last.failures },
        )
      } finally {
        running = null
        end(
          state.get().kind === 'failed' ? Math.max(1, last.failures.length) : last.failures.length,
        )
      }
    },
    cancel: () => running?.abort(),
  }
}

/** The browser holds each piece outside the page, on disk if memory is short. */
const PIECE = 32_000_000

/**
 * The whole zip as one blob, saved by the browser like any download. A file picked in advance and
 * written as a stream would be emptied at once (File System Access, 3.5), losing what it replaces
 * even if the download fails.
 */
async function toBlob(made: Exclude<Bundle, { kind: 'none' }>): Promise<Blob> {
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

/** Zip job of a task or a list, by a unique name. */
export function zipJobOf(name: string): ZipJob {
  const job = jobs.get(name) ?? createZipJob()
  jobs.set(name, job)
  return job
}
