/*
 * Where files go: the browser's downloads, or a folder that the person picks (File System Access,
 * https://wicg.github.io/file-system-access; Chromium only).
 */

export const canPickFolder = (): boolean => typeof globalThis.showDirectoryPicker === 'function'

/** Hands a whole file to the browser, which saves it under this name or a numbered one; it may ask first. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by the next turn; the address would keep its bytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Null where the person closed the picker. Only within a click (transient activation). */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await showDirectoryPicker({ id: 'loupe', mode: 'readwrite' })
  } catch (error) {
    // A person who closes the picker has decided; anything else is a fault.
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
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
    await blob.stream().pipeTo(await handle.createWritable(), { signal })
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
