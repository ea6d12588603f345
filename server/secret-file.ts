import { randomBytes, randomUUID } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SHORTEST_SHARE_SECRET } from './config.ts'

const SECRET_BYTES = 48

export interface SecretFile {
  readonly file: string
  /** What happens without it, for a sentence. */
  readonly without: string
}

/**
 * The secret that is kept in the folder, made at the first call. However many processes begin at
 * once, all get the same one. Throws a sentence for a file that holds none.
 */
export async function secretIn(folder: string, { file, without }: SecretFile): Promise<string> {
  const path = join(folder, file)
  const secret = (await contentOf(path)) ?? (await made(path))
  if (secret.length >= SHORTEST_SHARE_SECRET) return secret
  throw new Error(`${path} holds no secret. Delete it, and a new one is made; then ${without}.`)
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

async function made(path: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(SECRET_BYTES).toString('base64')}\n`)
    await file.sync()
    // Unlike a renamed file, a link never takes the place of one that another process has just made.
    await link(temporary, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await file.close()
    await rm(temporary, { force: true })
  }
  return (await contentOf(path)) ?? ''
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
