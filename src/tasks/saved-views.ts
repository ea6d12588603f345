import * as v from 'valibot'
import { modelName } from '../../core/api/models.ts'
import { jsonFormat } from '../../core/lib/parse-json.ts'
import { safeText } from '../../core/lib/safe-text.ts'
import { persistedPerKey } from '../session/persisted-per-key.ts'
import { DEFAULT_QUERY, type ListQuery, parseListQuery, writeListQuery } from './list-query.ts'

/** A view of the list under a name. */
export interface SavedView {
  readonly name: string
  /** Parameters of the list's URL. */
  readonly query: string
}

export const MAX_VIEWS = 30
export const MAX_VIEW_NAME_LENGTH = 60

export const normalQuery = (query: string): string =>
  writeListQuery(parseListQuery(new URLSearchParams(query))).toString()

/** Each with a name and parameters that the list understands. */
export const cleanViews = (views: readonly SavedView[]): SavedView[] =>
  views.slice(0, MAX_VIEWS).map(({ name, query }) => {
    const normal = normalQuery(query)
    return { name: safeText(name, MAX_VIEW_NAME_LENGTH) || describeQuery(normal), query: normal }
  })

const format = jsonFormat<readonly SavedView[]>(
  v.pipe(
    v.array(v.object({ name: v.string(), query: v.string() })),
    v.transform((views) => cleanViews(views)),
  ),
)

/** The views saved for a key, shared by all tabs. */
export const savedViewsOf = persistedPerKey<readonly SavedView[]>('views', [], {
  parse: (text) => (text === null ? [] : format.parse(text)),
  format: (views) => (views.length === 0 ? null : format.format(views)),
})

const GROUP_NAMES = {
  new: 'Not checked yet',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  refused: 'Not found',
} as const

/** What a view shows, in a few words. */
export function describeQuery(query: string): string {
  const { groups, models, labels, within, search, sort }: ListQuery = parseListQuery(
    new URLSearchParams(query),
  )
  // Running tasks include those that were not checked yet.
  const shown = groups.includes('running') ? groups.filter((group) => group !== 'new') : groups
  const parts = [
    ...shown.map((group) => GROUP_NAMES[group]),
    ...labels,
    ...models.map(modelName),
    ...(within === null ? [] : [`Expiring in ${within}`]),
    ...(search === '' ? [] : [`“${search}”`]),
    ...(sort === DEFAULT_QUERY.sort ? [] : [`by ${sort}`]),
  ]
  return parts.length === 0 ? 'All tasks' : parts.join(' · ')
}
