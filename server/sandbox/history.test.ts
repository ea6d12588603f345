import { describe, expect, test } from 'vitest'
import { parseTask } from '../../core/api/wire.ts'
import { createAccounts } from './store/accounts.ts'
import { createTasks, type NewTask } from './store/tasks.ts'
import {
  ask,
  type Fixture,
  idOf,
  list,
  smallTask as newTask,
  openSandbox,
  post,
} from './testing.ts'

interface History {
  readonly data: readonly { readonly id: string; readonly createdAt: number }[]
  readonly pagination: { total: number; hasMore: boolean; nextOffset?: number }
}

const request = ({ sandbox }: Fixture, fields: object, key = sandbox.key) =>
  post(sandbox, '/get-upscayl-history', JSON.stringify({ data: fields }), key)

const historyOf = async (fixture: Fixture, fields: object): Promise<History> =>
  (await request(fixture, fields)).json() as Promise<History>

async function withTasks(count: number, change: (n: number) => Partial<NewTask> = () => ({})) {
  const fixture = await openSandbox({ history: true, demos: [] })
  fixture.db.run('DELETE FROM ledger')
  fixture.db.run('DELETE FROM files')
  fixture.db.run('DELETE FROM tasks')
  const tasks = createTasks(fixture.db)
  for (let n = 0; n < count; n++) {
    tasks.insert({ ...newTask(`task-${n}`), createdAt: 1_700_000_000_000 + n, ...change(n) })
  }
  return fixture
}

describe('the history', () => {
  test('is off by default', async () => {
    const fixture = await openSandbox()
    const response = await request(fixture, {})
    expect([response.status, await response.json()]).toMatchObject([404, { error: 'NOT_FOUND' }])
  })

  test('lists what has begun, as a status response would, and deducts nothing', async () => {
    const fixture = await openSandbox({ history: true })
    const { sandbox } = fixture
    const id = await idOf(sandbox, 'done')
    expect((await historyOf(fixture, {})).data.map((task) => task.id)).not.toContain(id)
    fixture.db.run('UPDATE tasks SET held = 0')
    const { data } = await historyOf(fixture, { processed: 'completed' })
    expect(data.find((task) => task.id === id)).toMatchObject({ creditsDeducted: false })
    expect(data.every((task) => parseTask({ status: 'success', data: task }).ok)).toBe(true)
    expect((await list(sandbox)).ledger).toEqual([])
    await ask(sandbox, id)
    const after = await historyOf(fixture, { processed: 'completed' })
    expect(after.data.find((task) => task.id === id)).toMatchObject({ creditsDeducted: true })
  })

  test('has no task of another account', async () => {
    const fixture = await withTasks(3)
    const other = createAccounts(fixture.db).ensure('other', 100).apiKey
    expect((await request(fixture, {}, other)).status).toBe(204)
  })

  test('comes in pages, newest first, and none twice', async () => {
    // Pairs have the same time.
    const at = (n: number) => ({ createdAt: 1_700_000_000_000 + Math.floor(n / 2) })
    const fixture = await withTasks(45, at)
    const seen: string[] = []
    let offset: { timestampOffset?: number } = {}
    for (;;) {
      const { data, pagination } = await historyOf(fixture, offset)
      seen.push(...data.map(({ id }) => id))
      expect(pagination.hasMore).toBe(pagination.nextOffset !== undefined)
      if (pagination.nextOffset === undefined) break
      offset = { timestampOffset: pagination.nextOffset }
    }
    expect(seen).toEqual(Array.from({ length: 45 }, (_, n) => `task-${44 - n}`))
    expect((await request(fixture, { timestampOffset: 0 })).status).toBe(204)
  })

  test('can be filtered, with and without the envelope', async () => {
    const fixture = await withTasks(3)
    fixture.db.run("UPDATE tasks SET status = 'PROCESSING_FAILED', error = 'x' WHERE id = 'task-1'")
    const ids = async (fields: object) => (await historyOf(fixture, fields)).data.map((it) => it.id)
    expect(await ids({ failed: true })).toEqual(['task-1'])
    expect(await ids({ failed: false })).toEqual(['task-2', 'task-0'])
    expect(await ids({ processed: 'failed' })).toEqual(['task-1'])
    expect(await ids({ batch: false, limit: 2 })).toEqual(['task-2', 'task-1'])
    expect((await request(fixture, { batch: true })).status).toBe(204)
    const { sandbox } = fixture
    const bare = await post(sandbox, '/get-upscayl-history', '{"failed":true}', sandbox.key)
    expect(((await bare.json()) as History).data).toHaveLength(1)
  })

  test.each(['', '7', 'null', '{"data":{"limit":0}}', '{"data":{"limit":101}}', '{"data":null}'])(
    'rejects %j',
    async (body) => {
      const { sandbox } = await openSandbox({ history: true })
      const response = await post(sandbox, '/get-upscayl-history', body, sandbox.key)
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { error: 'BAD_REQUEST' },
      ])
      const noKey = await post(sandbox, '/get-upscayl-history', '{}', 'wrong')
      expect([noKey.status, await noKey.json()]).toEqual([400, 'Bad Request: Missing User ID'])
    },
  )
})
