import { expect, test, vi } from 'vitest'
import {
  createIdempotentRequests,
  createMemoryStore,
  NotRecorded,
  type Outcome,
  type RequestStore,
} from './idempotent-requests.ts'

const noFault = (error: unknown) => expect.fail(String(error))

const known = (text: string): Outcome => ({ effect: 'known', response: () => new Response(text) })

test('beyond the maximum, the oldest is evicted, but nothing in progress', async () => {
  const starts = createIdempotentRequests(
    createMemoryStore(() => 0, 3),
    noFault,
  )
  let finish: (outcome: Outcome) => void = () => undefined
  const slow = vi.fn(() => new Promise<Outcome>((resolve) => (finish = resolve)))
  const first = starts('slow', slow)
  const send = vi.fn(async () => known('x'))
  for (const id of ['a', 'b', 'c', 'd']) await starts(id, send)
  const sent = send.mock.calls.length
  await starts('d', send)
  expect(send).toHaveBeenCalledTimes(sent)
  await starts('a', send)
  expect(send).toHaveBeenCalledTimes(sent + 1)
  const joined = starts('slow', slow)
  finish(known('done'))
  expect([await (await first).text(), await (await joined).text()]).toEqual(['done', 'done'])
  expect(slow).toHaveBeenCalledTimes(1)
})

test('of several that wait for one without effect, one is sent', async () => {
  const starts = createIdempotentRequests(
    createMemoryStore(() => 0),
    noFault,
  )
  const none: Outcome = { effect: 'none', response: () => new Response('none') }
  const first = starts('a', async () => none)
  const send = vi.fn(async () => known('sent'))
  const others = Array.from({ length: 5 }, () => starts('a', send))
  expect(await (await first).text()).toBe('none')
  for (const other of others) expect(await (await other).text()).toBe('sent')
  expect(send).toHaveBeenCalledTimes(1)
})

test('an internal error is not stored as an outcome', async () => {
  const starts = createIdempotentRequests(
    createMemoryStore(() => 0),
    noFault,
  )
  await expect(starts('a', () => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault')
  expect(await (await starts('a', async () => known('b'))).text()).toBe('b')
})

/** A store that can be full. */
function fillable() {
  const memory = createMemoryStore(() => 0)
  const disk = { isFull: false }
  const unlessFull = <T>(work: () => T): T => {
    if (disk.isFull) throw new Error('The disk is full.')
    return work()
  }
  const store: RequestStore = {
    get: memory.get,
    record: (id) => unlessFull(() => memory.record(id)),
    set: (id, response) => unlessFull(() => memory.set(id, response)),
    delete: (id) => unlessFull(() => memory.delete(id)),
  }
  return { store, disk }
}

/** Sends to the end, if allowed, like create-task-route.ts. */
const sending =
  (work: () => Promise<Outcome>) =>
  async (note: () => void): Promise<Outcome> => {
    try {
      note()
    } catch (error) {
      if (!(error instanceof NotRecorded)) throw error
      return { effect: 'none', response: () => error.response }
    }
    return work()
  }

test("a start that can't be recorded is not sent; one that was sent is reported, and never sent again", async () => {
  const faults: unknown[] = []
  const { store, disk } = fillable()
  const starts = createIdempotentRequests(store, (error) => faults.push(error))
  const work = vi.fn(async () => {
    disk.isFull = true
    return known('sent')
  })
  const send = sending(work)
  disk.isFull = true
  for (const _ of [1, 2, 3]) expect((await starts('a', send)).status).toBe(503)
  expect(work).not.toHaveBeenCalled()
  disk.isFull = false
  const both = [starts('a', send), starts('a', send)]
  for (const one of both) expect(await (await one).text()).toBe('sent')
  disk.isFull = false
  expect((await starts('a', send)).status).toBe(409)
  expect(work).toHaveBeenCalledTimes(1)
  expect(faults).toHaveLength(4)
})

test('of two processes on one folder, one sends the end of it', async () => {
  const { store } = fillable()
  const [one, other] = [
    createIdempotentRequests(store, noFault),
    createIdempotentRequests(store, noFault),
  ]
  let end: () => void = () => undefined
  const uploaded = new Promise<void>((resolve) => {
    end = resolve
  })
  const work = vi.fn(async () => known('sent'))
  const slow = other('a', async (note) => {
    await uploaded
    return sending(work)(note)
  })
  expect(await (await one('a', sending(work))).text()).toBe('sent')
  end()
  expect(await (await slow).text()).toBe('sent')
  expect(await (await other('a', sending(work))).text()).toBe('sent')
  expect(work).toHaveBeenCalledTimes(1)
})
