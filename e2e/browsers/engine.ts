import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/* Browser interface for the main job, independent of the driver. */

export interface Engine {
  readonly name: string
  /** What is missing to start it on this machine, and how to get it; null if nothing is. */
  readonly missing: () => string | null
  /** Whether it restores a page from the back/forward cache. */
  readonly keepsPages: boolean
  /** Starts it with a fresh profile. Downloads go to `folder`. */
  readonly start: (folder: string) => Promise<Browser>
}

export interface Browser {
  readonly newTab: () => Promise<Tab>
  readonly stop: () => Promise<void>
}

export interface Tab {
  readonly goto: (url: string) => Promise<void>
  readonly reload: () => Promise<void>
  readonly back: () => Promise<void>
  /** Result of the function in the page; it must be self-contained. */
  readonly evaluate: <T>(run: () => T | Promise<T>) => Promise<T>
  /** Waits for the element at this XPath and clicks it with the mouse. */
  readonly click: (xpath: string) => Promise<void>
  /** The same, then types with the keyboard. */
  readonly type: (xpath: string, text: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Timeout in milliseconds: on a busy machine everything takes long. */
export const PATIENCE = 30_000

/** Full path of the first of these programs that is on the PATH. */
export function findProgram(...names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
