import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../node/database.ts'
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

test('an unusable data folder gives one sentence with a fix', async () => {
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
    complaints.map((text) => text.replace(/^The data folder \S+ can't be used: /, '')),
  ).toEqual([
    'a file with this name exists. Move it, or choose another by --data or LOUPE_DATA_DIR.',
    'a part of the path is a file. Move it, or choose another by --data or LOUPE_DATA_DIR.',
    "sandbox.db can't be opened: it is damaged or not a database. Move it, or choose another by --data or LOUPE_DATA_DIR.",
    "sandbox.db can't be opened: it was written by a newer version (schema 99). Move it, or choose another by --data or LOUPE_DATA_DIR.",
  ])
})
