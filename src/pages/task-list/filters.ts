import { DAY } from '../../../core/lib/units.ts'
import type { Reading } from '../../lib/clock.ts'
import { expiringSoon, facets } from '../../tasks/apply-list-query.ts'
import type { ListQuery } from '../../tasks/list-query.ts'
import type { Group } from '../../tasks/task-group.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'

/** One of the chips above the list. */
export type Filter = 'all' | 'running' | 'done' | 'failed' | 'refused' | 'expiring'

type Choice = Pick<ListQuery, 'groups' | 'within'>

/** In the order of the chips. A group belongs to exactly one of them. */
export const FILTERS: Readonly<Record<Filter, Choice & { readonly label: string }>> = {
  all: { label: 'All', groups: [], within: null },
  running: { label: 'Running', groups: ['new', 'running'], within: null },
  done: { label: 'Done', groups: ['done'], within: null },
  failed: { label: 'Failed', groups: ['failed'], within: null },
  refused: { label: 'Not found', groups: ['refused'], within: null },
  expiring: { label: 'Expiring', groups: [], within: '24h' },
}

export const FILTER_NAMES = Object.keys(FILTERS) as Filter[]

export const withFilter = (view: ListQuery, filter: Filter): ListQuery => {
  const { groups, within } = FILTERS[filter]
  return { ...view, groups, within }
}

/** The chip that shows what `view` shows; null for a URL with a combination of its own. */
export const filterOf = ({ groups, within }: ListQuery): Filter | null =>
  FILTER_NAMES.find((name) => {
    const chip = FILTERS[name]
    return chip.within === within && chip.groups.join() === groups.join()
  }) ?? null

/** How many tasks each chip shows. */
export function countByFilter(
  entries: readonly TrackedTask[],
  now: number,
): Reading<Readonly<Record<Filter, number>>> {
  const { groups } = facets(entries)
  const expiring = expiringSoon(entries, now, DAY)
  const of = (names: readonly Group[]) =>
    names.reduce((sum, name) => sum + (groups.get(name) ?? 0), 0)
  return {
    value: {
      all: entries.length,
      running: of(FILTERS.running.groups),
      done: of(FILTERS.done.groups),
      failed: of(FILTERS.failed.groups),
      refused: of(FILTERS.refused.groups),
      expiring: expiring.value.length,
    },
    changesAt: expiring.changesAt,
  }
}
