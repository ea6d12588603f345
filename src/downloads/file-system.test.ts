import { afterEach, expect, it, vi } from 'vitest'
import { writeInto } from './file-system.ts'

/** Folder in memory, of which each step takes a turn. Null is a folder in it. */
function folderWith(content: Record<string, string | null>, refusal?: string) {
  const entries = new Map(Object.entries(content))
  const handle = {
    name: 'Upscaled',
    async getFileHandle(name: string, { create = false } = {}) {
      await new Promise((resolve) => setTimeout(resolve))
      if (refusal !== undefined) throw new DOMException('Not allowed', refusal)
      if (entries.get(name) === null) throw new DOMException('A folder', 'TypeMismatchError')
      if (!entries.has(name) && !create) throw new DOMException('No file', 'NotFoundError')
      if (!entries.has(name)) entries.set(name, '')
      return { name, createWritable: async () => writable(name) }
    },
    removeEntry: async (name: string) => void entries.delete(name),
  }
  const writable = (name: string) => {
    const parts: Uint8Array<ArrayBuffer>[] = []
    return new WritableStream<Uint8Array<ArrayBuffer>>({
      write: (part) => void parts.push(part),
      close: async () => void entries.set(name, await new Blob(parts).text()),
    })
  }
  return {
    folder: handle as unknown as FileSystemDirectoryHandle,
    content: () => Object.fromEntries(entries),
  }
}

afterEach(() => vi.unstubAllGlobals())

const write = (folder: FileSystemDirectoryHandle, text: string) =>
  writeInto(folder, 'a.png', new Blob([text]), new AbortController().signal)

it('numbers a name that a file or a folder has', async () => {
  const { folder, content } = folderWith({ 'a.png': 'old', 'a (2).png': null })
  expect(await write(folder, 'new')).toBe('a (3).png')
  expect(content()).toEqual({ 'a.png': 'old', 'a (2).png': null, 'a (3).png': 'new' })
})

it('fails if the folder can no longer be read', async () => {
  const { folder } = folderWith({}, 'NotAllowedError')
  await expect(write(folder, 'new')).rejects.toThrow('Not allowed')
})

it('gives files that are saved at the same moment different names', async () => {
  const { folder, content } = folderWith({})
  const names = await Promise.all([write(folder, 'one'), write(folder, 'other')])
  expect(names).toEqual(['a.png', 'a (2).png'])
  expect(content()).toEqual({ 'a.png': 'one', 'a (2).png': 'other' })
})

it('waits until another tab has created its file', async () => {
  const { folder, content } = folderWith({})
  const otherTab = async () => void (await folder.getFileHandle('a.png', { create: true }))
  const request = async (_: string, __: LockOptions, work: (lock: object) => unknown) => {
    await otherTab()
    return work({})
  }
  vi.stubGlobal('navigator', { locks: { request } })
  expect(await write(folder, 'new')).toBe('a (2).png')
  expect(content()).toEqual({ 'a.png': '', 'a (2).png': 'new' })
})
