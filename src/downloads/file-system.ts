import { SECOND } from '../../core/lib/units.ts'
import { atOnce } from '../lib/at-once.ts'
import { browserLocks, underLock } from '../lib/browser/locks.ts'
import { createStore } from '../lib/store.ts'

/*
 * Destinations of files: the browser's downloads, or a folder that the user picks (File System
 * Access, https://wicg.github.io/file-system-access; Chromium only).
 */

export const canPickFolder = (): boolean => typeof globalThis.showDirectoryPicker === 'function'

/** Hands a file to the browser, which saves it under this or a numbered name; it may prompt. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has read it by the next turn; an unrevoked URL would keep its bytes in memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Folder for automatic saving until the page is closed; then the browser asks again. */
export const chosenFolder = createStore<FileSystemDirectoryHandle | null>(null)

/** Opens the folder picker; closing it changes nothing. Needs a click (transient activation). */
export async function askForFolder(): Promise<void> {
  try {
    chosenFolder.set(await showDirectoryPicker({ id: 'loupe', mode: 'readwrite' }))
  } catch (error) {
    // Closing the picker is a decision; anything else is an error.
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
  }
}

/** Writes a file into a folder and returns its name: `name`, or a numbered one if that is taken. */
export async function writeInto(
  folder: FileSystemDirectoryHandle,
  name: string,
  blob: Blob,
  signal: AbortSignal,
): Promise<string> {
  const handle = await createFile(folder, name)
  try {
    await blob.stream().pipeTo(await handle.createWritable(), { signal })
  } catch (error) {
    await folder.removeEntry(handle.name).catch(() => {})
    throw error
  }
  return handle.name
}

const inTurn = atOnce(1)
/** Creating an empty file takes milliseconds. */
const LOCK_MS = 5 * SECOND

/** Creates an empty file. No other task or tab can find the same name free meanwhile. */
function createFile(folder: FileSystemDirectoryHandle, name: string) {
  const create = async () => folder.getFileHandle(await freeName(folder, name), { create: true })
  return inTurn(() => {
    const locks = browserLocks()
    // Handles of one folder in two tabs have only its name in common.
    const lock = `loupe:folder:${folder.name}`
    return locks === undefined ? create() : underLock(locks, lock, {}, LOCK_MS, create)
  })
}

async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  const dot = name.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${stem} (${n})${extension}`
    if (!(await isTaken(folder, candidate))) return candidate
  }
}

/** Whether a file or folder has this name. */
async function isTaken(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name)
    return true
  } catch (error) {
    const kind = error instanceof DOMException ? error.name : ''
    if (kind === 'NotFoundError') return false
    if (kind === 'TypeMismatchError') return true
    // Such as a withdrawn permission, which every other name would meet, too.
    throw error
  }
}
