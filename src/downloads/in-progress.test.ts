import { beforeEach, expect, it, vi } from 'vitest'
import { begin, markSeen, stopAll, underWay } from './in-progress.ts'

const at = (pathname: string, search = '') =>
  vi.stubGlobal('location', { pathname, search, hash: '' })
let holds: Set<string>

beforeEach(() => {
  holds = new Set()
  vi.stubGlobal('addEventListener', (type: string) => holds.add(type))
  vi.stubGlobal('removeEventListener', (type: string) => holds.delete(type))
})

it('reports what runs on each page, and blocks closing the tab for as long', () => {
  let notifications = 0
  const stop = underWay.subscribe(() => notifications++)
  at('/tasks/one')
  const ends = [begin(() => {}), begin(() => {})]
  at('/', '?status=done')
  const end = begin(() => {})
  expect(underWay.get()).toEqual([
    { address: '/tasks/one', running: 2, failed: 0 },
    { address: '/?status=done', running: 1, failed: 0 },
  ])
  expect(holds).toEqual(new Set(['beforeunload']))
  ends[0]?.()
  ends[1]?.(1)
  // Not reported elsewhere while its own page is open; the query is only how a list is viewed.
  at('/')
  end(2)
  expect(underWay.get()).toEqual([{ address: '/tasks/one', running: 0, failed: 1 }])
  expect(holds).toEqual(new Set())
  markSeen('/tasks/one')
  expect(underWay.get()).toEqual([])
  expect(notifications).toBeGreaterThan(0)
  stop()
})

it('counts completion once, however often it is reported', () => {
  at('/tasks/one')
  const end = begin(() => {})
  const other = begin(() => {})
  end()
  end()
  expect(underWay.get()).toMatchObject([{ running: 1 }])
  other()
})

it('aborts everything at once', () => {
  at('/tasks/one')
  const stopped: string[] = []
  const ends = ['a', 'b'].map((name) => begin(() => stopped.push(name)))
  stopAll()
  expect(stopped).toEqual(['a', 'b'])
  for (const end of ends) end()
  stopAll()
  expect(stopped).toEqual(['a', 'b'])
})
