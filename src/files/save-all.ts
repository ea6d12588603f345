import { downloadZip } from 'client-zip'
import { type FetchFault, fetchFile } from './fetch-file.ts'

/** One file that is to be saved. */
export interface Item {
  readonly id: string
  readonly url: string
  readonly name: string
  /** Epoch milliseconds, or null where it is not known. */
  readonly createdAt: number | null
}

export interface Fetched {
  readonly item: Item
  readonly blob: Blob
}

export interface Failure {
  readonly item: Item
  readonly fault: FetchFault
}

/** How far all of them are. */
export interface Tally {
  readonly count: number
  readonly done: number
  /** Bytes of the files that arrived. */
  readonly bytes: number
  readonly failures: readonly Failure[]
}

/** What is to be written; a zip of one file would only be in the way. */
export type Bundle =
  | { readonly kind: 'zip'; readonly content: ReadableStream<Uint8Array<ArrayBuffer>> }
  | { readonly kind: 'one'; readonly arrived: Fetched }
  | { readonly kind: 'none' }

/** Round trips overlap, and no more than these few files wait in the browser's memory. */
const AHEAD = 3

/** The files one after the other in their order; those that fail are told and left out. */
async function* arrivals(
  items: readonly Item[],
  signal: AbortSignal,
  tell: (tally: Tally) => void,
): AsyncGenerator<Fetched> {
  let tally: Tally = { count: items.length, done: 0, bytes: 0, failures: [] }
  const waiting = items.values()
  const fetches: Promise<{ item: Item; result: Awaited<ReturnType<typeof fetchFile>> }>[] = []
  const startNext = () => {
    const { value: item } = waiting.next()
    if (item === undefined) return
    fetches.push(fetchFile(item.url, signal).then((result) => ({ item, result })))
  }
  for (let n = 0; n < AHEAD; n++) startNext()
  tell(tally)
  for (let next = fetches.shift(); next !== undefined; next = fetches.shift()) {
    const { item, result } = await next
    // An end here would close the zip as if it were whole.
    signal.throwIfAborted()
    startNext()
    tally = result.ok
      ? { ...tally, done: tally.done + 1, bytes: tally.bytes + result.value.size }
      : { ...tally, failures: [...tally.failures, { item, fault: result.error }] }
    tell(tally)
    if (result.ok) yield { item, blob: result.value }
  }
}

/** Fetches the files and makes one zip of them while it is read (APPNOTE 6.3.9, zip64 where needed). */
export async function bundle(
  items: readonly Item[],
  signal: AbortSignal,
  tell: (tally: Tally) => void,
): Promise<Bundle> {
  const files = arrivals(items, signal, tell)
  const first = await files.next()
  if (first.done) return { kind: 'none' }
  const second = await files.next()
  if (second.done) return { kind: 'one', arrived: first.value }

  const entry = ({ item, blob }: Fetched) => ({
    name: item.name,
    input: blob,
    lastModified: item.createdAt === null ? undefined : new Date(item.createdAt),
  })
  async function* entries() {
    yield entry(first.value)
    yield entry(second.value)
    for await (const arrived of files) yield entry(arrived)
  }
  const { body } = downloadZip(entries())
  return body === null ? { kind: 'none' } : { kind: 'zip', content: body as never }
}
