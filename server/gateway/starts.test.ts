import { expect, test, vi } from 'vitest'
import { createStarts, type Outcome, startsInMemory } from './starts.ts'

const known = (text: string): Outcome => ({ effect: 'known', answer: () => new Response(text) })

test('beyond the most, what was sent longest ago is forgotten, but nothing that is under way', async () => {
  const starts = createStarts(startsInMemory(() => 0, 3))
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
  const starts = createStarts(startsInMemory(() => 0))
  const none: Outcome = { effect: 'none', answer: () => new Response('none') }
  const first = starts('a', async () => none)
  const send = vi.fn(async () => known('sent'))
  const others = Array.from({ length: 5 }, () => starts('a', send))
  expect(await (await first).text()).toBe('none')
  for (const other of others) expect(await (await other).text()).toBe('sent')
  expect(send).toHaveBeenCalledTimes(1)
})

test('a fault of this server is nobody’s outcome', async () => {
  const starts = createStarts(startsInMemory(() => 0))
  await expect(starts('a', () => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault')
  expect(await (await starts('a', async () => known('b'))).text()).toBe('b')
})
