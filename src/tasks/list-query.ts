import { DAY, HOUR } from '../../core/lib/units.ts'
import { GROUPS, type Group } from './task-group.ts'

/*
 * State of the table's view, kept in the URL so that links and browser history restore it.
 */

export const SORTS = [
  'added',
  'status',
  'name',
  'progress',
  'model',
  'credits',
  'files',
  'expires',
  'checked',
] as const
export type Sort = (typeof SORTS)[number]

/** Options of the expiry filter, in milliseconds. */
export const SPANS = { '1h': HOUR, '24h': DAY, '7d': 7 * DAY } as const
export type Span = keyof typeof SPANS

export interface ListQuery {
  readonly sort: Sort
  readonly descending: boolean
  /** In the order of GROUPS; none means all. */
  readonly groups: readonly Group[]
  /** Unique IDs as received; none means all. */
  readonly models: readonly string[]
  /** Tasks with one of these labels; none means all. */
  readonly labels: readonly string[]
  /** Only tasks with a link that expires within this span from now. */
  readonly within: Span | null
  /** As typed. */
  readonly search: string
}

export const DEFAULT_QUERY: ListQuery = {
  sort: 'added',
  descending: true,
  groups: [],
  models: [],
  labels: [],
  within: null,
  search: '',
}

/** Maximum length of a search text or model ID in the URL. */
export const MAX_TEXT_LENGTH = 200
export const MAX_CHOICES = 50

const LARGEST_FIRST: ReadonlySet<Sort> = new Set([
  'added',
  'progress',
  'credits',
  'files',
  'checked',
])

/** Whether a column's first click sorts in descending order, the more useful one for it. */
export const isDescendingFirst = (sort: Sort): boolean => LARGEST_FIRST.has(sort)

/** Ignores other parameters and invalid values. */
export function parseListQuery(params: URLSearchParams): ListQuery {
  const sort = SORTS.find((it) => it === params.get('sort')) ?? DEFAULT_QUERY.sort
  const order = params.get('order')
  const groups = new Set(params.getAll('status'))
  const within = params.get('within') ?? ''
  return {
    sort,
    descending: order === 'desc' || (order !== 'asc' && isDescendingFirst(sort)),
    groups: GROUPS.filter((group) => groups.has(group)),
    models: choicesIn(params, 'model'),
    labels: choicesIn(params, 'label'),
    within: isSpan(within) ? within : null,
    search: cut(params.get('search') ?? ''),
  }
}

const choicesIn = (params: URLSearchParams, name: string): readonly string[] =>
  [...new Set(params.getAll(name).filter(Boolean).map(cut))].slice(0, MAX_CHOICES)

const isSpan = (text: string): text is Span => Object.hasOwn(SPANS, text)

/** Cuts between code points, since half a surrogate pair would not survive the URL. */
const cut = (text: string): string =>
  text.length <= MAX_TEXT_LENGTH ? text : Array.from(text).slice(0, MAX_TEXT_LENGTH).join('')

/** The parameters of a view, without default values. */
export function writeListQuery(view: ListQuery): URLSearchParams {
  const { sort, descending, groups, models, labels, within, search } = view
  const params = new URLSearchParams()
  if (sort !== DEFAULT_QUERY.sort) params.set('sort', sort)
  if (descending !== isDescendingFirst(sort)) params.set('order', descending ? 'desc' : 'asc')
  for (const group of groups) params.append('status', group)
  for (const model of models) params.append('model', model)
  for (const label of labels) params.append('label', label)
  if (within !== null) params.set('within', within)
  if (search !== '') params.set('search', search)
  return params
}
