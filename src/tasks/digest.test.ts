import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../core/lib/units.ts'
import { digest, digestWords } from './digest.ts'
import { type Group, groupOf } from './task-group.ts'
import { anyEntries, asId, entryAfter, T0 } from './testing-list.ts'
import type { TrackedTask } from './tracked-task.ts'

const SINCE = T0 - HOUR
const groups = (of: Readonly<Record<string, Group>>): ReadonlyMap<TaskId, Group> =>
  new Map(Object.entries(of).map(([id, group]) => [asId(id), group]))
const ids = (entries: readonly TrackedTask[]) => entries.map(({ id }) => id)

const words = (...of: Parameters<typeof digestWords>) => digestWords(...of).map(({ text }) => text)

const REFUSED = ['error-404', 'error-404', 'error-404', 'error-404'] as const

describe('a digest', () => {
  it('contains the changes of tasks since', () => {
    const entries = [
      entryAfter('finished', ['processed']),
      entryAfter('new-and-finished', ['processed']),
      entryAfter('known', ['processed']),
      entryAfter('imported', ['processed'], SINCE - 1),
      entryAfter('failed', ['failed']),
      // A single rejection may be temporary.
      entryAfter('refused', ['enhancing', ...REFUSED]),
      entryAfter('doubted', ['enhancing', 'error-404']),
      entryAfter('reachable-again', ['error-401', 'processed']),
      entryAfter('running', ['enhancing']),
      entryAfter('left-alone', ['enhancing'], SINCE - 1),
      entryAfter('new', []),
    ]
    const before = groups({
      finished: 'running',
      known: 'done',
      failed: 'running',
      refused: 'running',
      doubted: 'running',
      'reachable-again': 'refused',
      running: 'new',
      'left-alone': 'running',
    })
    const it = digest(before, entries, SINCE, T0)
    expect(ids(it.finished)).toEqual(['finished', 'new-and-finished', 'reachable-again'])
    expect(ids(it.failed)).toEqual(['failed'])
    expect(ids(it.refused)).toEqual(['refused'])
    expect([it.expired, it.expiring, it.unchecked]).toEqual([[], [], 2])
    expect(words(it, T0)).toEqual(['3 finished', '1 failed', '1 refused'])
  })

  it('says of which batches images failed', () => {
    const entries = ['a', 'b', 'c'].map((id) => entryAfter(id, ['batch-partly-failed']))
    const all = digest(groups({}), [...entries, entryAfter('d', ['batch'])], SINCE, T0)
    expect(words({ ...all, expiring: [] }, T0)).toEqual(['4 finished, 3 with failed images'])
  })

  it('contains expired and expiring links', () => {
    const soon = entryAfter('soon', ['expiring'])
    // 49 hours ago it reported 48 hours.
    const old = entryAfter('old', ['processed'], T0 - 49 * HOUR)
    // It had passed when the link was returned, so it is not the link's expiry.
    const stale = entryAfter('stale', ['expired'])
    const later = entryAfter('later', ['batch'], T0 - 30 * HOUR)
    const entries = [later, soon, old, stale, entryAfter('far', ['processed'])]
    const before = groups({ soon: 'done', old: 'done', stale: 'done', later: 'done', far: 'done' })
    const today = digest(before, entries, T0 - DAY, T0)
    expect(ids(today.expired)).toEqual(['old'])
    expect(today.expiring.map(({ entry, at }) => [entry.id, at])).toEqual([
      ['soon', T0 + 2 * MINUTE],
      ['later', T0 + 18 * HOUR],
    ])
    expect(words(today, T0)).toEqual(['1 expired', '7 files expire, the first in 2:00'])

    const one = digest(before, [soon], T0, T0)
    expect(words(one, T0)).toEqual(['1 file expires in 2:00'])
    expect(words(one, T0 - 38 * MINUTE)).toEqual(['1 file expires in 40 min'])
    expect(words(one, T0 + 90 * SECOND)).toEqual(['1 file expires in 30 s'])
    expect(words(one, T0 + 3 * MINUTE)).toEqual([])
    expect(ids(digest(before, entries, T0, T0 + 3 * MINUTE).expired)).toEqual(['soon'])
  })

  it('is empty without changes, and has no text', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const before = new Map(entries.map((entry) => [entry.id, groupOf(entry)]))
        const now = T0 + 365 * DAY
        const it = digest(before, entries, now, now)
        expect([it.finished, it.failed, it.refused, it.expired, it.expiring]).toEqual(
          Array(5).fill([]),
        )
        const running = entries.filter((entry) => ['new', 'running'].includes(groupOf(entry)))
        expect(it.unchecked).toBe(running.length)
        expect(words(it, now)).toEqual([])
      }),
    )
  })
})
