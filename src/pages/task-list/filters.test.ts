import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyListQuery } from '../../tasks/apply-list-query.ts'
import { DEFAULT_QUERY } from '../../tasks/list-query.ts'
import { GROUPS } from '../../tasks/task-group.ts'
import { anyEntries, T0 } from '../../tasks/testing-list.ts'
import { countByFilter, FILTER_NAMES, FILTERS, filterOf, withFilter } from './filters.ts'

test('each chip shows as many tasks as it says', () => {
  fc.assert(
    fc.property(anyEntries, (entries) => {
      const counts = countByFilter(entries, T0).value
      for (const name of FILTER_NAMES) {
        const shown = applyListQuery(entries, withFilter(DEFAULT_QUERY, name), T0)
        expect([name, counts[name]]).toEqual([name, shown.length])
      }
    }),
  )
})

test('each task is in exactly one chip beside All and Expiring', () => {
  const groups = FILTER_NAMES.flatMap((name) => FILTERS[name].groups)
  expect(groups.toSorted()).toEqual([...GROUPS].toSorted())
})

test('a chip is selected if the view shows exactly that', () => {
  for (const name of FILTER_NAMES) expect(filterOf(withFilter(DEFAULT_QUERY, name))).toBe(name)
  expect(filterOf({ ...DEFAULT_QUERY, groups: ['done', 'failed'] })).toBeNull()
})
