import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ApiKey, asApiKey, hashKey } from './api-key.ts'
import { forgottenWord } from './session.ts'
import { readAnswer, requestKeyFromTabs } from './share-key-between-tabs.ts'

const [WORK, HOME] = ['the-key-of-work', 'the-key-of-home'] as ApiKey[] as [ApiKey, ApiKey]

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A tab that requests the key, with what it received and did. */
function asking({ takes = true } = {}) {
  const said: unknown[] = []
  const listeners = new Set<(data: unknown) => void>()
  const channel = {
    post: (data: unknown) => said.push(data),
    listen: (hear: (data: unknown) => void) => {
      listeners.add(hear)
      return () => void listeners.delete(hear)
    },
  }
  const taken: ApiKey[] = []
  const offers: (readonly ApiKey[])[] = []
  const stop = requestKeyFromTabs(channel, {
    onKey: (key) => {
      taken.push(key)
      return takes
    },
    onOffers: (keys) => offers.push(keys),
  })
  const hear = (data: unknown) => {
    for (const listener of listeners) listener(data)
  }
  return { said, taken, offers, stop, hear, wait: () => vi.advanceTimersByTime(300) }
}

describe('a tab without a key', () => {
  it('accepts the one key that all others have, after the timeout', () => {
    const tab = asking()
    expect(tab.said).toEqual(['asking'])
    tab.hear({ key: WORK })
    tab.hear({ key: WORK })
    expect(tab.taken).toEqual([])
    tab.wait()
    expect([tab.taken, tab.offers]).toEqual([[WORK], []])
  })

  it('accepts none of several keys, and offers them', () => {
    const tab = asking()
    tab.hear({ key: WORK })
    tab.hear({ key: HOME })
    tab.wait()
    expect([tab.taken, tab.offers]).toEqual([[], [[WORK, HOME]]])
  })

  it('has none without a response, and offers late keys', () => {
    const tab = asking()
    tab.wait()
    expect(tab.offers).toEqual([[]])
    tab.hear({ key: WORK })
    expect([tab.taken, tab.offers.at(-1)]).toEqual([[], [WORK]])
  })

  it.each([
    ['before', [forgottenWord(WORK), { key: WORK }]],
    ['after', [{ key: WORK }, forgottenWord(WORK)]],
  ])('does not get back a key that was removed %s the response', (_, messages) => {
    const tab = asking()
    for (const message of messages) tab.hear(message)
    tab.wait()
    expect([tab.taken, tab.offers]).toEqual([[], [[]]])
  })

  it('no longer offers a key that is removed meanwhile', () => {
    const tab = asking()
    tab.hear({ key: WORK })
    tab.hear({ key: HOME })
    tab.wait()
    tab.hear(forgottenWord(WORK))
    expect(tab.offers.at(-1)).toEqual([HOME])
  })

  it('continues without a key if the one offered is not accepted', () => {
    const tab = asking({ takes: false })
    tab.hear({ key: WORK })
    tab.wait()
    expect(tab.offers).toEqual([[]])
  })

  it('does nothing once stopped', () => {
    const tab = asking()
    tab.hear({ key: WORK })
    tab.stop()
    tab.wait()
    tab.hear({ key: HOME })
    expect([tab.taken, tab.offers]).toEqual([[], []])
  })
})

describe('readAnswer', () => {
  it('parses a key and a removal', () => {
    expect(readAnswer({ key: WORK })).toEqual({ key: WORK })
    expect(readAnswer(forgottenWord(WORK))).toEqual({ forgotten: hashKey(WORK) })
  })

  it.each([
    null,
    'asking',
    'forgotten',
    { key: '' },
    { key: 'two words' },
    { key: 1 },
    { key: 'ä' },
  ])('ignores %j', (data) => expect(readAnswer(data)).toBe(null))

  it('returns only valid keys', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ key: fc.anything() })), (data) => {
        const response = readAnswer(data)
        if (response === null) return
        if ('key' in response) expect(asApiKey(response.key)).toBe(response.key)
        else expect(response.forgotten).toMatch(/^[0-9a-f]{8}$/)
      }),
    )
  })
})
