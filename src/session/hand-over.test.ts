import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ApiKey, asApiKey } from './api-key.ts'
import { askOtherTabs, readAnswer } from './hand-over.ts'
import { forgottenWord } from './session.ts'

const [WORK, HOME] = ['the-key-of-work', 'the-key-of-home'] as ApiKey[] as [ApiKey, ApiKey]

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A tab that asks, and what it heard and did. */
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
  const stop = askOtherTabs(channel, {
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

describe('a tab that asks', () => {
  it('takes the one key that all others have, after it has heard them out', () => {
    const tab = asking()
    expect(tab.said).toEqual(['asking'])
    tab.hear({ key: WORK })
    tab.hear({ key: WORK })
    expect(tab.taken).toEqual([])
    tab.wait()
    expect([tab.taken, tab.offers]).toEqual([[WORK], []])
  })

  it('takes none of different keys, and offers them', () => {
    const tab = asking()
    tab.hear({ key: WORK })
    tab.hear({ key: HOME })
    tab.wait()
    expect([tab.taken, tab.offers]).toEqual([[], [[WORK, HOME]]])
  })

  it('has nothing where nobody answers, and offers what comes late', () => {
    const tab = asking()
    tab.wait()
    expect(tab.offers).toEqual([[]])
    tab.hear({ key: WORK })
    expect([tab.taken, tab.offers.at(-1)]).toEqual([[], [WORK]])
  })

  it.each([
    ['before', [forgottenWord(WORK), { key: WORK }]],
    ['after', [{ key: WORK }, forgottenWord(WORK)]],
  ])('does not get back what was forgotten %s the answer', (_, messages) => {
    const tab = asking()
    for (const message of messages) tab.hear(message)
    tab.wait()
    expect([tab.taken, tab.offers]).toEqual([[], [[]]])
  })

  it('no longer offers what is forgotten while it is offered', () => {
    const tab = asking()
    tab.hear({ key: WORK })
    tab.hear({ key: HOME })
    tab.wait()
    tab.hear(forgottenWord(WORK))
    expect(tab.offers.at(-1)).toEqual([HOME])
  })

  it('goes on without a key where the one offered may not be taken', () => {
    const tab = asking({ takes: false })
    tab.hear({ key: WORK })
    tab.wait()
    expect(tab.offers).toEqual([[]])
  })

  it('does nothing after it was stopped', () => {
    const tab = asking()
    tab.hear({ key: WORK })
    tab.stop()
    tab.wait()
    tab.hear({ key: HOME })
    expect([tab.taken, tab.offers]).toEqual([[], []])
  })
})

describe('readAnswer', () => {
  it('reads a key and a word of forgetting', () => {
    expect(readAnswer({ key: WORK })).toEqual({ type: 'offer', key: WORK })
    const { keyHash } = { keyHash: forgottenWord(WORK).slice(-8) }
    expect(readAnswer(forgottenWord(WORK))).toEqual({ type: 'forgotten', keyHash })
  })

  it.each([
    null,
    'asking',
    'forgotten',
    { key: '' },
    { key: 'two words' },
    { key: 1 },
    { key: 'ä' },
  ])('passes over %j', (data) => expect(readAnswer(data)).toBe(null))

  it('yields only keys, whatever it hears', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ key: fc.anything() })), (data) => {
        const answer = readAnswer(data)
        if (answer?.type === 'offer') expect(asApiKey(answer.key)).toBe(answer.key)
        if (answer?.type === 'forgotten') expect(answer.keyHash).toMatch(/^[0-9a-f]{8}$/)
      }),
    )
  })
})
