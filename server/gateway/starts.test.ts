import { expect, test, vi } from 'vitest'
import { createStarts, type Outcome, startsInMemory } from './starts.ts'

const noFault = (error: unknown) => expect.fail(String(error))

const known = (text: string): Outcome => ({ effect: 'known', answer: () => new Response(text) })

test('beyond the most, what was sent longest ago is forgotten, but nothing that is under way', async () => {
  const starts = createStarts(
    startsInMemory(() => 0, 3),
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

test('of several that wait for one that came to nothing, one is sent', async () => {
  const starts = createStarts(
    startsInMemory(() => 0),
    noFault,
  )
  const none: Outcome = { effect: 'none', answer: () => new Response('none') }
  const first = starts('a', async () => none)
  const send = vi.fn(async () => known('sent'))
  const others = Array.from({ length: 5 }, () => starts('a', send))
  expect(await (await first).text()).toBe('none')
  for (const other of others) expect(await (await other).text()).toBe('sent')
  expect(send).toHaveBeenCalledTimes(1)
})

test('a fault of this server is nobody’s outcome', async () => {
  const starts = createStarts(
    startsInMemory(() => 0),
    noFault,
  )
  await expect(starts('a', () => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault')
  expect(await (await starts('a', async () => known('b'))).text()).toBe('b')
})

test('what cannot be noted is not sent; what was is told, and never sent again', async () => {
  const faults: unknown[] = []
  const memory = startsInMemory(() => 0)
  let isFull = true
  const unlessFull = <T>(work: () => T): T => {
    if (isFull) throw new Error('The disk is full.')
    return work()
  }
  const starts = createStarts(
    {
      note: (id) => unlessFull(() => memory.note(id)),
      keep: (id, answer) => unlessFull(() => memory.keep(id, answer)),
      forget: (id) => unlessFull(() => memory.forget(id)),
    },
    (error) => faults.push(error),
  )
  const send = vi.fn(async () => {
    isFull = true
    return known('sent')
  })
  for (const _ of [1, 2, 3]) expect((await starts('a', send)).status).toBe(503)
  expect(send).not.toHaveBeenCalled()
  isFull = false
  const both = [starts('a', send), starts('a', send)]
  for (const one of both) expect(await (await one).text()).toBe('sent')
  isFull = false
  expect((await starts('a', send)).status).toBe(409)
  expect(send).toHaveBeenCalledTimes(1)
  expect(faults).toHaveLength(4)
})
