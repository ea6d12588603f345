import { access, constants, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Database, openDatabase } from './store/database.ts'
import type { Format } from './store/tasks.ts'

/** Where everything lies under the data directory. */
export interface Paths {
  readonly root: string
  readonly database: string
  readonly original: (fileId: string) => string
  /** All that belongs to a task that is not finished. */
  readonly work: (taskId: string) => string
  readonly strip: (taskId: string, fileId: string, strip: number) => string
  readonly result: (fileId: string, format: Format) => string
  readonly thumbnail: (fileId: string) => string
  readonly sample: (picture: string) => string
}

export function pathsIn(dataDir: string): Paths {
  const root = resolve(dataDir)
  return {
    root,
    database: join(root, 'sandbox.db'),
    original: (fileId) => join(root, 'originals', fileId),
    work: (taskId) => join(root, 'work', taskId),
    strip: (taskId, fileId, strip) => join(root, 'work', taskId, `${fileId}-${strip}.raw`),
    result: (fileId, format) => join(root, 'results', `${fileId}.${format}`),
    thumbnail: (fileId) => join(root, 'thumbnails', `${fileId}.webp`),
    sample: (picture) => join(root, 'samples', `${picture}.webp`),
  }
}

/** Makes the directory if need be and opens its database. Throws one clear sentence. */
export async function openDataDir(paths: Paths): Promise<Database> {
  try {
    await mkdir(paths.root, { recursive: true })
    await access(paths.root, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unusable(paths.root, DIRECTORY_FAULTS[codeOf(error)] ?? messageOf(error), error)
  }
  try {
    return openDatabase(paths.database)
  } catch (error) {
    const reason = DATABASE_FAULTS[codeOf(error)] ?? messageOf(error)
    throw unusable(paths.root, `sandbox.db cannot be opened: ${reason}`, error)
  }
}

const DIRECTORY_FAULTS: Readonly<Record<string, string>> = {
  EEXIST: 'a file of that name is in the way',
  ENOTDIR: 'a file is in the way',
  EACCES: 'it is not writable',
  EPERM: 'it is not writable',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
}

const DATABASE_FAULTS: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'it is damaged, or no database',
  SQLITE_CORRUPT: 'it is damaged',
  SQLITE_READONLY: 'it is not writable',
  SQLITE_BUSY: 'another program holds it locked',
}

const unusable = (root: string, reason: string, cause: unknown) =>
  new Error(
    `The data directory ${root} cannot be used: ${reason}. Move it away, or set LOUPE_DATA_DIR to another place.`,
    { cause },
  )

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
