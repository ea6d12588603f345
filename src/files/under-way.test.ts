import { beforeEach, expect, it, vi } from 'vitest'
import { begin, markSeen, stopAll, subscribeToUnderWay, underWay } from './under-way.ts'

const at = (pathname: string, search = '') =>
  vi.stubGlobal('location', { pathname, search, hash: '' })
let holds: Set<string>

beforeEach(() => {
  holds = new Set()
  vi.stubGlobal('addEventListener', (type: string) => holds.add(type))
  vi.stubGlobal('removeEventListener', (type: string) => holds.delete(type))
})

it('tells what goes on at each address, and holds the tab as long', () => {
  let told = 0
  const stop = subscribeToUnderWay(() => told++)
  at('/tasks/one')
  const ends = [begin(() => {}), begin(() => {})]
  at('/', '?status=done')
  const end = begin(() => {})
  expect(underWay()).toEqual([
    { address: '/tasks/one', running: 2, failed: 0 },
    { address: '/?status=done', running: 1, failed: 0 },
  ])
  expect(holds).toEqual(new Set(['beforeunload']))
  ends[0]?.()
  ends[1]?.(1)
  // Where it is seen, it need not be told elsewhere; the query is how a list is looked at.
  at('/')
  end(2)
  expect(underWay()).toEqual([{ address: '/tasks/one', running: 0, failed: 1 }])
  expect(holds).toEqual(new Set())
  markSeen('/tasks/one')
  expect(underWay()).toEqual([])
  expect(told).toBeGreaterThan(0)
  stop()
})

it('counts an end once, however often it is told', () => {
  at('/tasks/one')
  const end = begin(() => {})
  const other = begin(() => {})
  end()
  end()
  expect(underWay()).toMatchObject([{ running: 1 }])
  other()
})

it('breaks everything off at once', () => {
  at('/tasks/one')
  const stopped: string[] = []
  const ends = ['a', 'b'].map((name) => begin(() => stopped.push(name)))
  stopAll()
  expect(stopped).toEqual(['a', 'b'])
  for (const end of ends) end()
  stopAll()
  expect(stopped).toEqual(['a', 'b'])
})
