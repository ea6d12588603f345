import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SampleName } from '../../core/api/samples.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { DAY, HOUR, MINUTE } from '../../core/lib/units.ts'
import { applyListQuery, expiringSoon, facets, shownBy } from './apply-list-query.ts'
import { DEFAULT_QUERY, type ListQuery, SORTS } from './list-query.ts'
import { endsOf, groupOf } from './task-group.ts'
import { anyEntries, asId, entryAfter, STEP, T0, UPLOAD } from './testing-list.ts'
import { type TrackedTask, withUpload } from './tracked-task.ts'

const ids = (entries: readonly TrackedTask[]) => entries.map(({ id }) => id).join(' ')
const shown = (entries: readonly TrackedTask[], view: Partial<ListQuery>, now = T0) =>
  ids(applyListQuery(entries, { ...DEFAULT_QUERY, ...view }, now))

function named(id: string, name: string | null, changes: object = {}): TrackedTask {
  const entry = entryAfter(id, ['processed'])
  const { task } = entry.record
  if (task === null) throw new Error('no task')
  const files = task.files.map((file) => ({ ...file, originalName: name, storedName: null }))
  return { ...entry, record: { ...entry.record, task: { ...task, files, ...changes } } }
}

const ENTRIES = [
  entryAfter('running', ['enhancing'], T0 - 5 * STEP),
  entryAfter('done', ['processed'], T0 - 4 * STEP),
  entryAfter('failed', ['enhancing', 'failed'], T0 - 3 * STEP),
  entryAfter('batch', ['batch'], T0 - 2 * STEP),
  entryAfter('refused', ['error-404'], T0 - STEP),
  entryAfter('new', [], T0),
]

describe('the order', () => {
  it.each([
    [{}, 'new refused batch failed done running'],
    [{ descending: false }, 'running done failed batch refused new'],
    [{ sort: 'status', descending: false }, 'new running done batch failed refused'],
    [{ sort: 'progress' }, 'done batch running failed refused new'],
    [{ sort: 'progress', descending: false }, 'failed running done batch refused new'],
    [{ sort: 'credits' }, 'batch done running failed refused new'],
    [{ sort: 'files' }, 'batch done running failed refused new'],
    [{ sort: 'model', descending: false }, 'batch running done failed refused new'],
    [{ sort: 'name', descending: false }, 'done batch running failed refused new'],
    [{ sort: 'checked' }, 'refused failed batch done running new'],
    [{ sort: 'checked', descending: false }, 'running done failed batch refused new'],
  ] as const)('by %o is %s', (view, order) => {
    expect(shown(ENTRIES, view)).toBe(order)
  })

  it('by expiry has expired links after the others, and unknown last', () => {
    const entries = [
      entryAfter('unknown', ['enhancing']),
      entryAfter('ended', ['expiring'], T0 - 3 * MINUTE),
      entryAfter('ended-before', ['expiring'], T0 - DAY),
      entryAfter('stated-too-early', ['expired']),
      entryAfter('later', ['processed']),
      entryAfter('soon', ['expiring']),
    ]
    const up = { sort: 'expires', descending: false } as const
    expect(shown(entries, up)).toBe('soon later ended ended-before unknown stated-too-early')
    expect(shown(entries, { ...up, descending: true })).toBe(
      'later soon ended-before ended unknown stated-too-early',
    )
    expect(shown(entries, up, T0 + HOUR)).toBe(
      'later soon ended ended-before unknown stated-too-early',
    )
  })

  it('by name sorts numbers naturally, and ignores case and diacritics', () => {
    const names = ['frame-10', 'Frame-9', 'éclair', 'zebra', 'Eclipse', null]
    const entries = names.map((name, n) => named(`t${n}`, name))
    expect(shown(entries, { sort: 'name', descending: false })).toBe('t2 t4 t1 t0 t3 t5')
    expect(shown(entries, { sort: 'name', descending: true })).toBe('t3 t0 t1 t4 t2 t5')
  })

  it('loses nothing, and is stable', () => {
    const anyView = fc.record({ sort: fc.constantFrom(...SORTS), descending: fc.boolean() })
    fc.assert(
      fc.property(anyEntries, anyView, (entries, view) => {
        const once = applyListQuery(entries, { ...DEFAULT_QUERY, ...view }, T0)
        expect(new Set(once)).toEqual(new Set(entries))
        expect(once).toHaveLength(entries.length)
        expect(applyListQuery(once, { ...DEFAULT_QUERY, ...view }, T0)).toEqual(once)
      }),
    )
    const equal = ['b', 'a', 'c'].map((id) => entryAfter(id, ['processed']))
    for (const sort of SORTS) {
      for (const descending of [true, false]) {
        expect(shown(equal, { sort, descending })).toBe('b a c')
      }
    }
  })
})

describe('a filter', () => {
  it.each([
    [{ groups: ['done', 'failed'] }, 'batch failed done'],
    [{ models: ['nature-boost-4x'] }, 'batch'],
    [{ models: ['nature-boost-4x'], groups: ['failed'] }, ''],
    [{ within: '24h' }, ''],
    [{ within: '7d' }, 'batch done'],
  ] as const)('%o shows %j', (view, order) => {
    expect(shown(ENTRIES, view)).toBe(order)
  })

  it('matches labels, in any case, and the search finds labels and notes', () => {
    const labelled = (id: string, labels: readonly string[], note = '') => ({
      ...entryAfter(id, ['processed']),
      annotation: { labels, note, changedAt: T0 },
    })
    const entries = [labelled('a', ['Print']), labelled('b', ['web'], 'Été'), labelled('c', [])]
    expect(shown(entries, { labels: ['print'] })).toBe('a')
    expect(shown(entries, { labels: ['web', 'Print'] })).toBe('a b')
    expect(shown(entries, { labels: ['prin'] })).toBe('')
    expect(shown(entries, { search: 'prin' })).toBe('a')
    expect(shown(entries, { search: 'ete web' })).toBe('b')
    expect([...facets(entries).labels]).toEqual([
      ['Print', 1],
      ['web', 1],
    ])
  })

  it('matches expiries within a span, but not past ones', () => {
    const entries = [entryAfter('soon', ['expiring']), entryAfter('ended', ['expiring'], T0 - HOUR)]
    expect(shown(entries, { within: '1h' })).toBe('soon')
    expect(shown(entries, { within: '1h' }, T0 + 2 * MINUTE)).toBe('')
  })
})

describe('a search', () => {
  const entries = [
    named('3f2a9c1e', 'Été à la plage №7.PNG'),
    named('b', '風景写真.png', { kind: 'unrecognized', word: 'DEFRAGMENTING' }),
    named('c', 'x.png', { settings: { model: 'nature-boost-4x' } }),
    named('d', 'y.png', { settings: { model: 'their-own' } }),
  ]

  it.each([
    ['ete', '3f2a9c1e'],
    ['ÉTÉ  PLAGE', '3f2a9c1e'],
    ['ete winter', ''],
    ['no7', '3f2a9c1e'],
    ['写真', 'b'],
    ['f2a9', '3f2a9c1e'],
    ['defrag', 'b'],
    ['unrecognized', 'b'],
    ['nature boost', 'c'],
    ['nature-boost-4x', 'c'],
    ['their', 'd'],
    ['processed png', '3f2a9c1e c d'],
    ['done x.png', 'c'],
    ['  ', '3f2a9c1e b c d'],
    ['plage 3f2a', '3f2a9c1e'],
    ['.*', ''],
  ])('for %j finds %j', (search, found) => {
    expect(shown(entries, { search })).toBe(found)
  })

  it('finds a task by each of its files', () => {
    expect(shown(ENTRIES, { search: 'canyon' })).toBe('batch')
  })

  it('finds a batch by the name of each image that was sent', () => {
    const source = { ...UPLOAD.source, more: 1, others: ['Été.jpg'] }
    const batch = withUpload(entryAfter('batch', []), { ...UPLOAD, source })
    expect(shown([batch, entryAfter('b', [])], { search: 'ete' })).toBe('batch')
  })

  it('finds what was run again, by that and by the name of the earlier task', () => {
    const result = { ...UPLOAD, source: { ...UPLOAD.source, name: 'result.png' } }
    const first = withUpload(entryAfter('first', []), { ...UPLOAD, earlier: null })
    const linked = (id: string, earlier: TaskId) =>
      withUpload(entryAfter(id, []), { ...result, earlier })
    const all = [first, linked('second', asId('first')), linked('third', asId('removed'))]
    expect(shown(all, { search: 'again of tram' })).toBe('second')
    expect(shown(all, { search: 'run again' })).toBe('second third')
  })

  it('finds every task by its ID and group, and never throws', () => {
    fc.assert(
      fc.property(anyEntries, fc.string({ unit: 'binary' }), (some, text) => {
        applyListQuery(some, { ...DEFAULT_QUERY, search: text }, T0)
        for (const entry of some) {
          const search = `${groupOf(entry).toUpperCase()} ${entry.id}`
          expect(applyListQuery(some, { ...DEFAULT_QUERY, search }, T0)).toContain(entry)
        }
      }),
    )
  })
})

describe('facets', () => {
  it('count the entries of each option', () => {
    const { groups, models } = facets(ENTRIES)
    expect([...groups]).toEqual([
      ['new', 1],
      ['running', 1],
      ['done', 2],
      ['failed', 1],
      ['refused', 1],
    ])
    expect([...models]).toEqual([
      ['upscayl-standard-4x', 3],
      ['nature-boost-4x', 1],
    ])
  })
})

describe('expiringSoon', () => {
  it('has the next expiry first', () => {
    const entries = [
      entryAfter('later', ['processed'], T0 - 47 * HOUR),
      entryAfter('soon', ['expiring']),
      entryAfter('far', ['processed']),
      entryAfter('ended', ['expired']),
    ]
    const { value, changesAt } = expiringSoon(entries, T0, 2 * HOUR)
    expect([ids(value), changesAt]).toEqual(['soon later', T0 + 2 * MINUTE])
    expect(expiringSoon(entries.slice(2), T0, DAY)).toEqual({ value: [], changesAt: T0 + DAY })
    expect(expiringSoon(entries.slice(3), T0, DAY)).toEqual({ value: [], changesAt: null })
  })

  it('stays the same until the time it returns', () => {
    const anyNames = fc.array(
      fc.tuple(
        fc.constantFrom<SampleName>('batch', 'expiring', 'processed', 'enhancing'),
        fc.integer({ min: 0, max: 60 }),
      ),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(anyNames, fc.integer({ min: 0, max: 60 }), (some, hours) => {
        const entries = some.map(([name, ago], n) =>
          entryAfter(`t${n}`, [name], T0 - ago * HOUR - n),
        )
        const { value, changesAt } = expiringSoon(entries, T0, hours * HOUR)
        const naive = entries.filter((entry) =>
          endsOf(entry).some((at) => at > T0 && at <= T0 + hours * HOUR),
        )
        expect(new Set(value)).toEqual(new Set(naive))
        if (changesAt === null) return
        expect(changesAt).toBeGreaterThan(T0)
        expect(expiringSoon(entries, changesAt - 1, hours * HOUR).value).toEqual(value)
      }),
    )
  })
})

describe('changes with time', () => {
  // Its link expires two minutes after T0.
  const soon = entryAfter('soon', ['expiring'])
  // Its link expires more than a day after T0.
  const later = entryAfter('later', ['processed'])
  const at = (view: Partial<ListQuery>, now: number) =>
    shownBy([soon, later], { ...DEFAULT_QUERY, ...view }, now)

  it.each(['1h', '24h', '7d'] as const)(
    'within %s: updates when an entry enters or leaves',
    (within) => {
      let now = T0 - 10 * DAY
      const seen: string[] = []
      for (let next: number | null = now; next !== null; ) {
        now = next
        const { value, changesAt } = at({ within }, now)
        seen.push(value.map(({ id }) => id).join())
        next = changesAt
      }
      // Updates at these times only miss nothing that hourly updates show.
      const hourly = new Set(
        Array.from({ length: 15 * 24 }, (_, n) =>
          at({ within }, T0 - 10 * DAY + n * HOUR)
            .value.map(({ id }) => id)
            .join(),
        ),
      )
      for (const ids of hourly) expect(seen).toContain(ids)
      expect(seen[seen.length - 1]).toBe('')
    },
  )

  it('do not occur if no expiry matters', () => {
    expect(at({ sort: 'name' }, T0).changesAt).toBeNull()
    expect(at({ sort: 'expires' }, T0).changesAt).not.toBeNull()
  })
})

describe('a list of 5,000', () => {
  it('is filtered and sorted quickly', () => {
    const samples: SampleName[] = ['processed', 'batch', 'enhancing', 'failed']
    const kinds = samples.map((name) => entryAfter('a', [name]))
    const entries = Array.from({ length: 5000 }, (_, n): TrackedTask => {
      const kind = kinds[n % kinds.length] ?? entryAfter('a', [])
      return { ...kind, id: asId(`id-${(n * 7919) % 5000}`), addedAt: T0 - n }
    })
    for (const sort of SORTS) {
      expect(applyListQuery(entries, { ...DEFAULT_QUERY, sort, search: 'png e' }, T0)).toHaveLength(
        2500,
      )
    }
  })
})
