import { describe, expect, test } from 'vitest'
import { openStore, smallTask } from '../testing.ts'

const NOW = 1_700_000_100_000

async function withProcessed(...ids: string[]) {
  const store = await openStore()
  for (const id of ids) {
    store.tasks.insert(smallTask(id))
    store.tasks.finish(id, { expiresAt: NOW, cost: 10, error: null })
  }
  return store
}

describe('charge', () => {
  test('deducts the price of a task once', async () => {
    const { accounts } = await withProcessed('a')
    expect(accounts.charge('a', NOW)).toBe(true)
    expect(accounts.charge('a', NOW + 1)).toBe(true)
    expect(accounts.ledger(1)).toEqual([{ taskId: 'a', credits: 10, at: NOW }])
    expect(accounts.byId(1)?.balance).toBe(15)
  })

  test('deducts nothing if the balance is too small, and all of it once there is enough', async () => {
    const { accounts, db } = await withProcessed('a', 'b', 'c')
    expect(['a', 'b', 'c'].map((id) => accounts.charge(id, NOW))).toEqual([true, true, false])
    expect(accounts.byId(1)?.balance).toBe(5)

    db.run('UPDATE accounts SET balance = balance + 5')
    expect(accounts.charge('c', NOW)).toBe(true)
    expect(accounts.byId(1)?.balance).toBe(0)
    expect(accounts.ledger(1)).toHaveLength(3)
  })

  test('deducts nothing for a task that is running, has failed or does not exist', async () => {
    const { accounts, tasks } = await openStore()
    tasks.insert(smallTask('running'))
    tasks.insert(smallTask('failed'))
    tasks.fail('failed', 'for a test')
    expect(['running', 'failed', 'none'].map((id) => accounts.charge(id, NOW))).toEqual([
      false,
      false,
      false,
    ])
    expect(accounts.byId(1)?.balance).toBe(25)
  })

  test('the database itself rejects a second entry for a task', async () => {
    const { accounts, db } = await withProcessed('a')
    accounts.charge('a', NOW)
    expect(() =>
      db.run('INSERT INTO ledger (task_id, account_id, credits, at) VALUES (?, 1, 10, 0)', 'a'),
    ).toThrow(/UNIQUE/)
  })
})
