import { expect, onTestFinished, test } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { DAY } from '../../core/lib/units.ts'
import { openDatabase } from '../node/database.ts'
import { createShareStore, type Previews, SHARE_MIGRATIONS } from './share-store.ts'
import { newShareId } from './share-token.ts'

const START = Date.UTC(2026, 0, 1, 12)

function open(most?: number) {
  const db = openDatabase(':memory:', SHARE_MIGRATIONS)
  onTestFinished(() => db.close())
  const store = createShareStore(db, most)
  const add = (owner: string, createdAt = START, previews: Previews = []) => {
    const id = newShareId()
    const shown = { credits: true, links: true }
    const share = { id, owner, taskId: 'a' as TaskId, createdAt, endsAt: createdAt + DAY, shown }
    return store.add(share, previews) ? id : null
  }
  return { db, store, add }
}

test('limits the links of all keys together, until some have expired', () => {
  const { add } = open(3)
  for (const owner of ['a', 'b', 'c']) expect(add(owner)).not.toBeNull()
  for (const owner of ['a', 'd', 'e']) expect(add(owner)).toBeNull()
  expect(add('d', START + 2 * DAY + 1)).not.toBeNull()
})

test('limits the revoked links of one key', () => {
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

test('keeps small images with a link, and deletes them when it is revoked', () => {
  const { add, store, db } = open()
  const plain = add('a')
  const id = add('a', START + 1, ['data:image/webp;base64,AAAA', null])
  if (plain === null || id === null) throw new Error('There is no room.')
  expect(store.ofOwner('a', START).map(({ previews }) => previews)).toEqual([true, false])
  expect(store.previewsOf(id)).toEqual(['data:image/webp;base64,AAAA', null])
  expect(store.previewsOf(plain)).toEqual([])
  store.revoke('a', id)
  expect(store.previewsOf(id)).toEqual([])
  expect(JSON.stringify(db.all('SELECT * FROM shares'))).not.toContain('data:')
})
