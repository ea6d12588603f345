import { downloadZip } from 'client-zip'
import type { TaskFile } from '../../core/api/task.ts'
import { err, type Result } from '../../core/lib/result.ts'
import { type Batch, includes, type Links, type Listing, linksOf } from './batch.ts'
import type { SaveFault } from './download-queue.ts'
import { errorText } from './error-text.ts'
import { fetchImage, isRefusal } from './fetch-file.ts'
import { taskNamer } from './file-name.ts'
import type { Template } from './name-template.ts'
import type { Expected } from './verify.ts'

export interface Fetched {
  readonly name: string
  readonly file: TaskFile
  readonly blob: Blob
}

/** A missing file, by the name it would have had, or a whole task. */
export interface Failure {
  readonly name: string
  readonly fault: SaveFault
}

/** Progress of the whole download. */
export interface DownloadProgress {
  /** Known so far: some tasks are only requested when it is their turn. */
  readonly count: number
  readonly done: number
  /** Bytes received so far. */
  readonly bytes: number
  readonly failures: readonly Failure[]
}

/** Result to save; a zip around a single file would only be in the way. */
export type Bundle =
  | { readonly kind: 'zip'; readonly content: ReadableStream<Uint8Array<ArrayBuffer>> }
  | { readonly kind: 'one'; readonly arrived: Fetched }
  | { readonly kind: 'none' }

/** Files fetched ahead: round trips overlap, and memory holds only these few. */
const AHEAD = 3

/** Inside the archive, since the page may soon be closed. */
const LIST_NAME = 'Missing files.txt'

interface Item {
  readonly name: string
  /** Null for a task without a known file. */
  readonly of: { readonly links: Links; readonly expected: Expected } | null
}

/** Files of all tasks in order. Each task is requested at its turn, so that its links are fresh. */
async function* itemsOf(
  batches: readonly Batch[],
  template: Template,
  signal: AbortSignal,
  onOpen: (batch: Batch, files: number) => void,
): AsyncGenerator<Item> {
  const namesOf = taskNamer(template)
  for (const batch of batches) {
    signal.throwIfAborted()
    const links = linksOf(batch)
    const listing = await links.open()
    const count = countIn(batch, listing)
    onOpen(batch, Math.max(1, count))
    if (listing === null || count === 0) {
      yield { name: batch.id, of: null }
      continue
    }
    const { settings, files } = listing
    const names = namesOf(listing)
    for (const [n, file] of files.entries()) {
      if (!includes(batch, file)) continue
      yield { name: names[n] ?? file.id, of: { links, expected: { file, settings } } }
    }
  }
}

/** Fetches a file; a rejected link is requested once more. */
async function fetchItem({ of }: Item, signal: AbortSignal): Promise<Result<Blob, SaveFault>> {
  if (of === null) return err({ kind: 'no-files' })
  const { links, expected } = of
  const link = links.of(expected.file.id)
  if (!link.ok) return link
  const first = await fetchImage(link.value.url, expected, signal)
  links.learn(first.ok, false)
  if (first.ok || !isRefusal(first.error)) return first
  const newer = await links.newer(expected.file.id, link.value)
  if (newer === null) return first
  const second = await fetchImage(newer, expected, signal)
  links.learn(second.ok, true)
  return second
}

const countIn = (batch: Batch, listing: Listing | null): number =>
  listing?.files.filter((file) => includes(batch, file)).length ?? 0

const filesKnown = (batch: Batch): number => Math.max(1, countIn(batch, batch.known()))

/** Files one by one in order; failures are reported and skipped. */
async function* fetchAll(
  batches: readonly Batch[],
  template: Template,
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
): AsyncGenerator<Fetched> {
  const expected = new Map(batches.map((batch) => [batch, filesKnown(batch)]))
  const count = () => [...expected.values()].reduce((sum, files) => sum + files, 0)
  let progress: DownloadProgress = { count: count(), done: 0, bytes: 0, failures: [] }
  const items = itemsOf(batches, template, signal, (batch, files) => expected.set(batch, files))
  const startNext = async () => {
    const { value: item, done } = await items.next()
    return done ? null : { item, result: await fetchItem(item, signal) }
  }
  const started = Array.from({ length: AHEAD }, startNext)
  // Prevents unhandled rejections: the error surfaces when its turn comes.
  for (const one of started) one.catch(() => {})
  onProgress(progress)
  for (let next = started.shift(); next !== undefined; next = started.shift()) {
    const current = await next
    // Returning here would close the zip as if it were complete.
    signal.throwIfAborted()
    if (current === null) continue
    const following = startNext()
    following.catch(() => {})
    started.push(following)
    const { item, result } = current
    progress = {
      ...(result.ok
        ? { ...progress, done: progress.done + 1, bytes: progress.bytes + result.value.size }
        : {
            ...progress,
            failures: [...progress.failures, { name: item.name, fault: result.error }],
          }),
      count: count(),
    }
    onProgress(progress)
    if (result.ok && item.of !== null) {
      yield { name: item.name, file: item.of.expected.file, blob: result.value }
    }
  }
}

/** Fetches the files and streams them into one zip (APPNOTE 6.3.9, zip64 where needed). */
export async function bundle(
  batches: readonly Batch[],
  template: Template,
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
): Promise<Bundle> {
  let last: DownloadProgress | null = null
  const files = fetchAll(batches, template, signal, (progress) => {
    last = progress
    onProgress(progress)
  })
  const latest = (): DownloadProgress | null => last
  const first = await files.next()
  if (first.done) return { kind: 'none' }
  if (batches.length === 1 && latest()?.count === 1) return { kind: 'one', arrived: first.value }

  const entry = ({ name, file: { createdAt }, blob }: Fetched) => ({
    name,
    input: blob,
    lastModified: createdAt === null ? undefined : new Date(createdAt),
  })
  async function* entries() {
    yield entry(first.value)
    for await (const arrived of files) yield entry(arrived)
    const { failures = [] } = latest() ?? {}
    if (failures.length > 0) yield { name: LIST_NAME, input: missingList(failures) }
  }
  const { body } = downloadZip(entries())
  return body === null ? { kind: 'none' } : { kind: 'zip', content: body as never }
}

const missingList = (failures: readonly Failure[]): string =>
  [
    'Not in this archive:',
    '',
    ...failures.map(({ name, fault }) => `${name}: ${errorText(fault)}`),
    '',
  ].join('\n')
