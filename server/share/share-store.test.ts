import { expect, onTestFinished, test } from 'vitest'
import { DAY } from '../../src/lib/units.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import { openDatabase } from '../database.ts'
import { newShareId } from './sealer.ts'
import { createShareStore, SHARE_MIGRATIONS } from './share-store.ts'

const START = Date.UTC(2026, 0, 1, 12)

function open(most?: number) {
  const db = openDatabase(':memory:', SHARE_MIGRATIONS)
  onTestFinished(() => db.close())
  const store = createShareStore(db, most)
  const add = (owner: string, createdAt = START) => {
    const id = newShareId()
    const shown = { credits: true, links: true }
    const share = { id, owner, taskId: 'a' as TaskId, createdAt, endsAt: createdAt + DAY, shown }
    return store.add(share) ? id : null
  }
  return { db, store, add }
}

test('keeps so many links of all keys together, until some have ended', () => {
  const { add } = open(3)
  for (const owner of ['a', 'b', 'c']) expect(add(owner)).not.toBeNull()
  for (const owner of ['a', 'd', 'e']) expect(add(owner)).toBeNull()
  expect(add('d', START + 2 * DAY + 1)).not.toBeNull()
})

test('of one key, no more revoked links are kept than it may have', () => {
  const { add, store, db } = open()
  const others = add('another')
  for (let n = 0; n < 500; n++) {
    const id = add('a', START + n)
    if (id === null) throw new Error('There is no room.')
    expect(store.revoke('a', id)).toBe(true)
    expect(store.revoke('a', id)).toBe(true)
    expect(store.stateOf(id)).toBe('revoked')
  }
  expect(db.all('SELECT id FROM shares')).toHaveLength(201)
  expect(others === null ? null : store.stateOf(others)).toBe('open')
})
