import { pickFolder } from './disk.ts'

/*
 * The folder that files go into by themselves, for as long as this page is open: a browser asks again
 * for the permission after that.
 */

let folder: FileSystemDirectoryHandle | null = null
const listeners = new Set<() => void>()

export const chosenFolder = (): FileSystemDirectoryHandle | null => folder

export function subscribeToFolder(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function chooseFolder(next: FileSystemDirectoryHandle | null): void {
  folder = next
  for (const listener of listeners) listener()
}

/** Asks for one; closing the picker changes nothing. Only within a click. */
export async function askForFolder(): Promise<void> {
  const picked = await pickFolder()
  if (picked !== null) chooseFolder(picked)
}
