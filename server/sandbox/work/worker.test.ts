import sharp from 'sharp'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSettings } from '../store/settings.ts'
import { openStore, smallTask } from '../testing.ts'
import { claimWork } from './claim.ts'
import { createWorker } from './worker.ts'

type Store = Awaited<ReturnType<typeof openStore>>

function startWorker({ db, tasks, paths }: Store, pace = 0) {
  const claim = claimWork(createSettings(db))
  const worker = createWorker({ tasks, paths, claim, pace, now: () => 1_700_000_000_000 })
  worker.start()
  onTestFinished(() => worker.stop())
  return worker
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 50_000, interval: 5 })

const [file] = smallTask('x').files
const damaged = { ...smallTask('x'), files: file ? [{ ...file, id: 'bad', damaged: true }] : [] }

describe('the worker', () => {
  test('creates a result of the announced size', async () => {
    const store = await openStore()
    store.tasks.insert(smallTask('a'))
    startWorker(store)
    await until(() => expect(store.tasks.byId('a')?.status).toBe('PROCESSED'))

    const [done] = store.tasks.filesOf('a')
    const result = await sharp(store.paths.result('file-of-a', 'png')).metadata()
    expect([result.width, result.height]).toEqual([96, 60])
    expect(done).toMatchObject({ resultWidth: 96, resultHeight: 60, stripsDone: 6, strips: 6 })
  })

  test('takes one task at a time, in order', async () => {
    const store = await openStore()
    for (const id of ['a', 'b', 'c']) store.tasks.insert(smallTask(id))
    startWorker(store)
    const seen = new Set<string>()
    await until(() => {
      const statuses = ['a', 'b', 'c'].map((id) => store.tasks.byId(id)?.status)
      seen.add(statuses.map((status) => status?.at(-1)).join(''))
      expect(statuses.at(-1)).toBe('PROCESSED')
    })
    // G is PROCESSING or ENHANCING, D is PROCESSED: never a later one before an earlier one.
    expect([...seen].filter((states) => !/^D*G*$/.test(states))).toEqual([])
  })

  test('an undecodable image fails its task, and the next one continues', async () => {
    const store = await openStore()
    store.tasks.insert({ ...damaged, id: 'a' })
    store.tasks.insert(smallTask('b'))
    startWorker(store)
    await until(() => expect(store.tasks.byId('b')?.status).toBe('PROCESSED'))
    expect(store.tasks.byId('a')).toMatchObject({
      status: 'PROCESSING_FAILED',
      error: "“small.png” couldn't be decoded: it is cut off.",
    })
  })

  test('a task stopped halfway is finished by another worker, and its progress never decreases', async () => {
    const store = await openStore()
    store.tasks.insert(smallTask('a'))
    const first = startWorker(store, 0.02)
    await until(() => expect(store.tasks.work('a').done).toBeGreaterThanOrEqual(2))
    await first.stop()
    const { done } = store.tasks.work('a')
    expect(done).toBeLessThan(6)
    expect(store.tasks.byId('a')?.status).toBe('ENHANCING')

    startWorker(store)
    await until(() => {
      expect(store.tasks.work('a').done).toBeGreaterThanOrEqual(done)
      expect(store.tasks.byId('a')?.status).toBe('PROCESSED')
    })
  })

  test('an older worker yields to a newer one, and takes over when that ends', async () => {
    const store = await openStore()
    const older = claimWork(createSettings(store.db))
    const newer = claimWork(createSettings(store.db))
    expect([older.held(), newer.held()]).toEqual([false, true])
    newer.release()
    expect(older.held()).toBe(true)
  })

  test('the claim of a killed process is void', async () => {
    const store = await openStore()
    const settings = createSettings(store.db)
    const claim = claimWork(settings)
    settings.set('worker', '999999999 killed')
    expect(claim.held()).toBe(true)
  })
})
