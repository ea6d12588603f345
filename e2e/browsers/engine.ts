import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/* What the main job needs of a browser, whatever drives it. */

export interface Engine {
  readonly name: string
  /** What is missing to start it here, and how to get it; null where nothing is. */
  readonly missing: () => string | null
  /** Whether it keeps a page that is left, and shows it again as it was (back/forward cache). */
  readonly keepsPages: boolean
  /** Starts it with a profile of its own, in which nothing is kept yet. What it downloads lands in `folder`. */
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
  /** What the function returns in the page, where there is nothing of it but itself. */
  readonly evaluate: <T>(run: () => T | Promise<T>) => Promise<T>
  /** Waits for what this XPath leads to, and clicks it as a mouse does. */
  readonly click: (xpath: string) => Promise<void>
  /** The same, then types as a keyboard does. */
  readonly type: (xpath: string, text: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Milliseconds until what does not come is given up: on a busy machine all takes long. */
export const PATIENCE = 30_000

/** The full path of the first of these programs that is on the PATH. */
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
