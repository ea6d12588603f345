import { downloadZip } from 'client-zip'
import { err, type Result } from '../lib/result.ts'
import type { TaskFile } from '../upscayl/task.ts'
import { type Batch, type Links, linksOf } from './batch.ts'
import { faultWords } from './fault-words.ts'
import { isRefusal } from './fetch-file.ts'
import { fetchImage } from './fetch-image.ts'
import { taskNamer } from './file-name.ts'
import type { Template } from './name-template.ts'
import type { SaveFault } from './saves.ts'
import type { Promised } from './verify.ts'

export interface Fetched {
  readonly name: string
  readonly file: TaskFile
  readonly blob: Blob
}

/** What is missing, by the name that it would have: a file, or all of a task. */
export interface Failure {
  readonly name: string
  readonly fault: SaveFault
}

/** How far all of them are. */
export interface Tally {
  /** As far as they are known: some tasks are asked only when it is their turn. */
  readonly count: number
  readonly done: number
  /** Bytes of the files that arrived. */
  readonly bytes: number
  readonly failures: readonly Failure[]
}

/** What is to be saved; a zip of the one file there is would only be in the way. */
export type Bundle =
  | { readonly kind: 'zip'; readonly content: ReadableStream<Uint8Array<ArrayBuffer>> }
  | { readonly kind: 'one'; readonly arrived: Fetched }
  | { readonly kind: 'none' }

/** Round trips overlap, and no more than these few files wait in the browser's memory. */
const AHEAD = 3

/** In the archive itself, since the page is soon closed. */
const LIST_NAME = 'Missing files.txt'

interface Item {
  readonly name: string
  /** Null for a task of which no file is known. */
  readonly of: { readonly links: Links; readonly promised: Promised } | null
}

/** The files of the tasks in their order. A task is asked only now, so that its links are still good. */
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
    const { files = [], settings } = listing ?? {}
    onOpen(batch, Math.max(1, files.length))
    if (listing === null || settings === undefined || files.length === 0) {
      yield { name: batch.id, of: null }
      continue
    }
    const names = namesOf(listing)
    for (const [n, file] of files.entries()) {
      yield { name: names[n] ?? file.id, of: { links, promised: { file, settings } } }
    }
  }
}

/** A link that its host refuses is asked for once more. */
async function arrive({ of }: Item, signal: AbortSignal): Promise<Result<Blob, SaveFault>> {
  if (of === null) return err({ kind: 'no-files' })
  const { links, promised } = of
  const link = links.of(promised.file.id)
  if (!link.ok) return link
  const first = await fetchImage(link.value.url, promised, signal)
  links.learn(first.ok, false)
  if (first.ok || !isRefusal(first.error)) return first
  const newer = await links.newer(promised.file.id, link.value)
  if (newer === null) return first
  const second = await fetchImage(newer, promised, signal)
  links.learn(second.ok, true)
  return second
}

const filesKnown = (batch: Batch): number => Math.max(1, batch.known()?.files.length ?? 0)

/** The files one after the other in their order; those that fail are told and left out. */
async function* arrivals(
  batches: readonly Batch[],
  template: Template,
  signal: AbortSignal,
  tell: (tally: Tally) => void,
): AsyncGenerator<Fetched> {
  const expected = new Map(batches.map((batch) => [batch, filesKnown(batch)]))
  const count = () => [...expected.values()].reduce((sum, files) => sum + files, 0)
  let tally: Tally = { count: count(), done: 0, bytes: 0, failures: [] }
  const items = itemsOf(batches, template, signal, (batch, files) => expected.set(batch, files))
  const startNext = async () => {
    const { value: item, done } = await items.next()
    return done ? null : { item, result: await arrive(item, signal) }
  }
  const started = Array.from({ length: AHEAD }, startNext)
  // Whoever waits for an earlier one hears of it then.
  for (const one of started) one.catch(() => {})
  tell(tally)
  for (let next = started.shift(); next !== undefined; next = started.shift()) {
    const came = await next
    // An end here would close the zip as if it were whole.
    signal.throwIfAborted()
    if (came === null) continue
    const following = startNext()
    following.catch(() => {})
    started.push(following)
    const { item, result } = came
    tally = {
      ...(result.ok
        ? { ...tally, done: tally.done + 1, bytes: tally.bytes + result.value.size }
        : { ...tally, failures: [...tally.failures, { name: item.name, fault: result.error }] }),
      count: count(),
    }
    tell(tally)
    if (result.ok && item.of !== null) {
      yield { name: item.name, file: item.of.promised.file, blob: result.value }
    }
  }
}

/** Fetches the files and makes one zip of them while it is read (APPNOTE 6.3.9, zip64 where needed). */
export async function bundle(
  batches: readonly Batch[],
  template: Template,
  signal: AbortSignal,
  tell: (tally: Tally) => void,
): Promise<Bundle> {
  let last: Tally | null = null
  const files = arrivals(batches, template, signal, (tally) => {
    last = tally
    tell(tally)
  })
  const told = (): Tally | null => last
  const first = await files.next()
  if (first.done) return { kind: 'none' }
  if (batches.length === 1 && told()?.count === 1) return { kind: 'one', arrived: first.value }

  const entry = ({ name, file: { createdAt }, blob }: Fetched) => ({
    name,
    input: blob,
    lastModified: createdAt === null ? undefined : new Date(createdAt),
  })
  async function* entries() {
    yield entry(first.value)
    for await (const arrived of files) yield entry(arrived)
    const { failures = [] } = told() ?? {}
    if (failures.length > 0) yield { name: LIST_NAME, input: missingList(failures) }
  }
  const { body } = downloadZip(entries())
  return body === null ? { kind: 'none' } : { kind: 'zip', content: body as never }
}

const missingList = (failures: readonly Failure[]): string =>
  [
    'Not in this archive:',
    '',
    ...failures.map(({ name, fault }) => `${name}: ${faultWords(fault)}`),
    '',
  ].join('\n')
