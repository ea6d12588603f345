import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, type DatabaseOptions, openDatabase } from './database.ts'

/** Makes the folder if need be and opens a database in it. Throws one clear sentence. */
export async function openInFolder(
  root: string,
  file: string,
  migrations: readonly string[],
  options: DatabaseOptions = {},
): Promise<Database> {
  try {
    await mkdir(root, { recursive: true })
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unusable(root, DIRECTORY_FAULTS[codeOf(error)] ?? messageOf(error), error)
  }
  try {
    return openDatabase(join(root, file), migrations, options)
  } catch (error) {
    const reason = DATABASE_FAULTS[codeOf(error)] ?? messageOf(error)
    throw unusable(root, `${file} cannot be opened: ${reason}`, error)
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
