/*
 * Where files go: the browser's downloads, a file that the person picks, or a folder (File System
 * Access, https://wicg.github.io/file-system-access; Chromium only).
 */

export const canPickFolder = (): boolean => typeof globalThis.showDirectoryPicker === 'function'

/** Hands a whole file to the browser, which saves it under this name. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by the next turn; the address would keep its bytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A person who closes the picker has decided; anything else is a fault. */
const picked = async <T>(pick: () => Promise<T>): Promise<T | null> => {
  try {
    return await pick()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
  }
}

/** Null where the person closed the picker. Only within a click (transient activation). */
export const pickFolder = (): Promise<FileSystemDirectoryHandle | null> =>
  picked(() => showDirectoryPicker({ id: 'loupe', mode: 'readwrite' }))

/** A file to stream into; `unsupported` where the browser can only keep all of it until its end. */
export async function pickFile(name: string): Promise<FileSystemFileHandle | 'unsupported' | null> {
  try {
    return await picked(() => showSaveFilePicker({ id: 'loupe', suggestedName: name }))
  } catch {
    return 'unsupported'
  }
}

/** Streams into a file; until its end Chromium writes beside it, so what breaks off changes nothing. */
export async function writeFile(
  handle: FileSystemFileHandle,
  content: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): Promise<void> {
  await content.pipeTo(await handle.createWritable(), { signal })
}

/** Takes away a file that was picked and stayed empty. */
export async function discardEmpty(handle: FileSystemFileHandle): Promise<void> {
  try {
    const { size } = await handle.getFile()
    // Not yet in the standard, nor in the types (https://github.com/whatwg/fs/pull/9).
    if (size === 0) await (handle as { remove?: () => Promise<void> }).remove?.()
  } catch {
    // It is empty, and where the person wanted it: no harm is done.
  }
}

/** Puts a file into a folder and returns its name: `name`, or a numbered one where that is taken. */
export async function writeInto(
  folder: FileSystemDirectoryHandle,
  name: string,
  blob: Blob,
  signal: AbortSignal,
): Promise<string> {
  const free = await freeName(folder, name)
  const handle = await folder.getFileHandle(free, { create: true })
  try {
    await writeFile(handle, blob.stream(), signal)
  } catch (error) {
    await folder.removeEntry(free).catch(() => {})
    throw error
  }
  return free
}

async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  const dot = name.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${stem} (${n})${extension}`
    if (!(await exists(folder, candidate))) return candidate
  }
}

const exists = (folder: FileSystemDirectoryHandle, name: string): Promise<boolean> =>
  folder.getFileHandle(name).then(
    () => true,
    (error: DOMException) => error.name !== 'NotFoundError',
  )
