import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { downloadQueueFor, type SaveState, type Wanted } from './download-queue.ts'
import { fileWith, PNG, settingsWith } from './testing.ts'

/* The queue without a browser: a host, and a folder in memory. */

const wanted = (id: string): Wanted => ({
  id,
  url: `https://host.example/${id}`,
  name: `${id}.png`,
  expected: { file: fileWith({ id }), settings: settingsWith() },
})

/** Each request waits until it is released. */
let requests: (() => void)[]
let files: Map<string, Uint8Array<ArrayBuffer>[]>
/** Called when an image is decoded. */
let onDecode: () => Promise<void>

const folder = {
  name: 'Upscaled',
  async getFileHandle(name: string, { create = false } = {}) {
    if (!create && !files.has(name)) throw new DOMException('No file', 'NotFoundError')
    const parts = files.get(name) ?? []
    files.set(name, parts)
    const write = (part: Uint8Array<ArrayBuffer>) => void parts.push(part)
    return { name, createWritable: async () => new WritableStream({ write }) }
  },
} as unknown as FileSystemDirectoryHandle

beforeEach(() => {
  requests = []
  files = new Map()
  onDecode = async () => {}
  vi.stubGlobal('location', { pathname: '/tasks/one', search: '', hash: '' })
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  vi.stubGlobal('fetch', async () => {
    await new Promise<void>((resolve) => requests.push(resolve))
    return new Response(PNG)
  })
  vi.stubGlobal('createImageBitmap', async () => {
    await onDecode()
    throw new DOMException('No decoder here', 'NotSupportedError')
  })
})
afterEach(() => vi.unstubAllGlobals())

const request = (count: number) => vi.waitFor(() => expect(requests).toHaveLength(count))

it('saves into the folder what is being verified at that moment, after that', async () => {
  const queue = downloadQueueFor('verified meanwhile')
  const check = queue.check(wanted('a'))
  const fill = queue.fill(folder, [wanted('a')])
  await request(1)
  requests[0]?.()
  await check
  expect(files.size).toBe(0)
  await request(2)
  requests[1]?.()
  await fill
  expect([...files.keys()]).toEqual(['a.png'])
  expect(queue.of('a')).toMatchObject({ kind: 'checked', savedTo: { name: 'a.png' } })
})

it('does not take back that a file is saved when cancelled while it is verified', async () => {
  const queue = downloadQueueFor('cancelled late')
  const savedTo = { kind: 'folder', folder: 'Upscaled', name: 'a.png' } as const
  const seen: SaveState[] = []
  onDecode = async () => {
    seen.push(queue.of('a'))
    queue.cancel('a')
  }
  const fill = queue.fill(folder, [wanted('a')])
  await request(1)
  requests[0]?.()
  await fill
  expect(queue.of('a')).toMatchObject({ kind: 'checked', savedTo })

  // Nor does a verification that is cancelled.
  const check = queue.check(wanted('a'))
  await request(2)
  requests[1]?.()
  await check
  expect(queue.of('a')).toMatchObject({ kind: 'checked', savedTo })
  expect(seen).toEqual([
    { kind: 'checking', savedTo },
    { kind: 'checking', savedTo: null },
  ])
})
