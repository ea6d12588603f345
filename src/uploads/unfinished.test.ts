import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStore } from '../lib/store.ts'
import { DEFAULT_SETTINGS } from './task-settings.ts'
import { MAX_UNFINISHED, saveTo, type Unfinished, unfinishedFormat } from './unfinished.ts'

const one = (attempt: string, change: Partial<Unfinished> = {}): Unfinished => ({
  attempt,
  page: 'p1',
  images: [{ kind: 'missing', name: `${attempt}.jpg`, size: 3, lastModified: 1 }],
  settings: DEFAULT_SETTINGS,
  earlier: null,
  sentAt: null,
  closed: false,
  ...change,
})
const { parse, format } = unfinishedFormat

describe('stored uploads', () => {
  it('are parsed as they were', () => {
    const all = [
      one('a'),
      one('b', { sentAt: 5, closed: true, images: [{ kind: 'url', url: 'https://img.example/' }] }),
    ]
    expect(parse(format(all))).toEqual(all)
    expect(format([])).toBeNull()
    expect(parse(null)).toEqual([])
  })

  it('that are invalid do not take the others with them', () => {
    const bad = [{ ...one('b'), images: [] }, { ...one('c'), sentAt: 'now' }, 1]
    expect(parse(JSON.stringify([one('a'), ...bad, one('d')]))).toEqual([one('a'), one('d')])
  })

  it('of anything are valid or none', () => {
    const near = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .array(fc.constantFrom<unknown>(one('a'), { attempt: 'b' }, null))
        .map((all) => JSON.stringify(all)),
    )
    fc.assert(
      fc.property(near, (text) => {
        const parsed = parse(text) ?? []
        expect(parse(format(parsed))).toEqual(parsed)
      }),
    )
  })

  it('are the newest, if there are too many', () => {
    const all = Array.from({ length: MAX_UNFINISHED + 2 }, (_, n) => one(`${n}`))
    expect(parse(format(all))?.[0]?.attempt).toBe('2')
  })
})

it('changes of a page leave the uploads of others, and are not written without need', () => {
  const store = createStore<readonly Unfinished[]>([one('a', { page: 'p2' })])
  const before = store.get()
  const save = saveTo(store, 'p1')
  save(new Map([['b', null]]))
  expect(store.get()).toBe(before)
  save(new Map([['b', one('b')]]))
  save(new Map([['c', one('c')]]))
  save(new Map([['b', one('b', { sentAt: 7 })]]))
  expect(store.get()).toEqual([one('a', { page: 'p2' }), one('b', { sentAt: 7 }), one('c')])
  save(
    new Map([
      ['b', null],
      ['c', null],
    ]),
  )
  expect(store.get()).toEqual(before)
})
