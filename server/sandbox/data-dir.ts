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
  const parts = join(root, 'parts')
  return {
    root,
    database: join(root, DATABASE),
    /** Uploads in progress, one folder per process. */
    uploads: join(root, 'uploads'),
    /** Uploads by parts, one folder each. */
    parts,
    part: (uploadId: string, number: number, etag: string) =>
      join(parts, uploadId, `${number}-${etag}`),
    /** All parts of an upload, joined. */
    whole: (uploadId: string) => join(parts, uploadId, 'whole'),
    /** Uploaded images of unfinished tasks. */
    originals,
    original: (fileId: string) => join(originals, fileId),
    result: (fileId: string, format: Format) => join(root, 'results', `${fileId}.${format}`),
    thumbnail: (fileId: string) => join(root, 'thumbnails', `${fileId}.webp`),
  }
}

/** Creates the directory if needed and opens its database. Throws one clear sentence. */
export async function openDataDir({ root, originals, parts }: Paths): Promise<Database> {
  const db = await openInFolder(root, DATABASE, MIGRATIONS)
  for (const folder of [originals, parts, join(root, 'results'), join(root, 'thumbnails')]) {
    await mkdir(folder, { recursive: true })
  }
  return db
}

/** IDs of what is still needed. */
interface Needed {
  readonly originals: () => ReadonlySet<string>
  readonly uploads: () => ReadonlySet<string>
}

/**
 * Removes the leftovers of a killed process: forms that never became a task, originals of finished tasks,
 * and abandoned uploads.
 */
export async function removeLeftovers(
  { root, uploads, originals, parts }: Paths,
  needed: Needed,
): Promise<void> {
  for (const pid of await readdir(uploads).catch(() => [])) {
    // In a container the previous process had the same ID.
    const isInUse = Number(pid) !== process.pid && isAlive(Number(pid))
    if (!isInUse) await remove(join(uploads, pid))
  }
  await removeOthers(originals, needed.originals)
  await removeOthers(parts, needed.uploads)
  // Folders of earlier versions.
  for (const name of ['work', 'samples']) await remove(join(root, name))
}

async function removeOthers(folder: string, needed: () => ReadonlySet<string>): Promise<void> {
  const found = await readdir(folder)
  // Read after the directory, so that a file added meanwhile doesn't count as a leftover.
  const kept = needed()
  for (const id of found) if (!kept.has(id)) await remove(join(folder, id))
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true })
