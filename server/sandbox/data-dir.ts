import { mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Database } from '../database.ts'
import { openInFolder } from '../node/data-folder.ts'
import { MIGRATIONS } from './store/schema.ts'
import type { Format } from './store/tasks.ts'
import { isAlive } from './work/claim.ts'

const DATABASE = 'sandbox.db'

export type Paths = ReturnType<typeof pathsIn>

/** Paths in the data directory. */
export function pathsIn(dataDir: string) {
  const root = resolve(dataDir)
  const originals = join(root, 'originals')
  return {
    root,
    database: join(root, DATABASE),
    /** Uploads in progress, one folder per process. */
    uploads: join(root, 'uploads'),
    /** Uploaded images of unfinished tasks. */
    originals,
    original: (fileId: string) => join(originals, fileId),
    result: (fileId: string, format: Format) => join(root, 'results', `${fileId}.${format}`),
    thumbnail: (fileId: string) => join(root, 'thumbnails', `${fileId}.webp`),
  }
}

/** Creates the directory if needed and opens its database. Throws one clear sentence. */
export async function openDataDir({ root, originals }: Paths): Promise<Database> {
  const db = await openInFolder(root, DATABASE, MIGRATIONS)
  for (const folder of [originals, join(root, 'results'), join(root, 'thumbnails')]) {
    await mkdir(folder, { recursive: true })
  }
  return db
}

/**
 * Removes the leftovers of a killed process: uploads that never became a task, and originals of
 * finished tasks. `needed` returns the files of unfinished tasks.
 */
export async function removeLeftovers(
  { root, uploads, originals }: Paths,
  needed: () => ReadonlySet<string>,
): Promise<void> {
  for (const pid of await readdir(uploads).catch(() => [])) {
    // In a container the previous process had the same ID.
    const isInUse = Number(pid) !== process.pid && isAlive(Number(pid))
    if (!isInUse) await remove(join(uploads, pid))
  }
  const found = await readdir(originals)
  // Read after the directory, so that a file added meanwhile doesn't count as a leftover.
  const kept = needed()
  for (const id of found) if (!kept.has(id)) await remove(join(originals, id))
  // Folders of earlier versions.
  for (const name of ['work', 'samples']) await remove(join(root, name))
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true })
