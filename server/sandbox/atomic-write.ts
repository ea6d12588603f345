import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, extname } from 'node:path'

/** After this the file is there as a whole or not at all, whenever the process is killed. */
export const writeAtomically = (path: string, bytes: Uint8Array): Promise<void> =>
  makeAtomically(path, (temporary) => writeFile(temporary, bytes))

/** The same for a file that `make` writes, at a path beside its own and with the same ending. */
export async function makeAtomically(
  path: string,
  make: (temporary: string) => Promise<unknown>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}.tmp${extname(path)}`
  try {
    await make(temporary)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
