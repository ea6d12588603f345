import { randomBytes, randomUUID } from 'node:crypto'
import { access, constants, link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MIN_SHARE_SECRET_LENGTH } from '../config.ts'
import type { Database } from '../database.ts'
import { type DatabaseOptions, openDatabase } from './database.ts'

/** Creates the folder if needed and opens a database in it. Throws one clear sentence. */
export async function openInFolder(
  root: string,
  file: string,
  migrations: readonly string[],
  options: DatabaseOptions = {},
): Promise<Database> {
  try {
    // It contains links to files, and keys of the sandbox.
    await mkdir(root, { recursive: true, mode: 0o700 })
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unusable(root, reasonOf(error), error)
  }
  try {
    return openDatabase(join(root, file), migrations, options)
  } catch (error) {
    throw unusable(root, `${file} can't be opened: ${reasonOf(error)}`, error)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'a file with this name exists',
  ENOTDIR: 'a part of the path is a file',
  EACCES: 'it is not writable',
  EPERM: 'it is not writable',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  SQLITE_NOTADB: 'it is damaged or not a database',
  SQLITE_CORRUPT: 'it is damaged',
  SQLITE_READONLY: 'it is not writable',
  SQLITE_BUSY: 'another program has locked it',
}

const reasonOf = (error: unknown): string =>
  REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error))

const unusable = (root: string, reason: string, cause: unknown) =>
  new Error(
    `The data folder ${root} can't be used: ${reason}. Move it, or choose another by --data or LOUPE_DATA_DIR.`,
    { cause },
  )

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

const SECRET_BYTES = 48

/**
 * The secret stored in the folder, created at the first call. Processes that start at the same time all
 * get the same one. Throws a sentence for a file without a secret: `without` is the consequence.
 */
export async function secretIn(
  folder: string,
  { file, without }: { readonly file: string; readonly without: string },
): Promise<string> {
  const path = join(folder, file)
  const secret = (await contentOf(path)) ?? (await createSecret(path))
  if (secret.length >= MIN_SHARE_SECRET_LENGTH) return secret
  throw new Error(`${path} contains no secret. Delete it to create a new one. Then ${without}.`)
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

async function createSecret(path: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(SECRET_BYTES).toString('base64')}\n`)
    await file.sync()
    // Unlike rename, link never replaces a file that another process has just created.
    await link(temporary, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    await file.close()
    await rm(temporary, { force: true })
  }
  return (await contentOf(path)) ?? ''
}
