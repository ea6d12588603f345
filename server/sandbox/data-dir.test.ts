import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { createSandbox } from './sandbox.ts'
import { temporaryDir } from './testing.ts'

const complaint = async (dataDir: string): Promise<string> => {
  try {
    await createSandbox({ dataDir })
  } catch (error) {
    return error instanceof Error ? error.message : 'no error'
  }
  return 'nothing'
}

test('a data directory that cannot be used is named in one sentence with the way out', async () => {
  const dir = await temporaryDir()
  const file = join(dir, 'file')
  await writeFile(file, 'in the way')
  const damaged = join(dir, 'damaged')
  await mkdir(damaged)
  await writeFile(join(damaged, 'sandbox.db'), 'x'.repeat(9000))
  const newer = join(dir, 'newer')
  await mkdir(newer)
  const db = openDatabase(join(newer, 'sandbox.db'), [])
  db.run('PRAGMA user_version = 99')
  db.close()

  const complaints = await Promise.all([file, join(file, 'below'), damaged, newer].map(complaint))
  expect(
    complaints.map((text) => text.replace(/^The data directory \S+ cannot be used: /, '')),
  ).toEqual([
    'a file of that name is in the way. Move it away, or set LOUPE_DATA_DIR to another place.',
    'a file is in the way. Move it away, or set LOUPE_DATA_DIR to another place.',
    'sandbox.db cannot be opened: it is damaged, or no database. Move it away, or set LOUPE_DATA_DIR to another place.',
    'sandbox.db cannot be opened: it was written by a newer version (schema 99). Move it away, or set LOUPE_DATA_DIR to another place.',
  ])
})
