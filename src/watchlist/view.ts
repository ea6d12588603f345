import { DAY, HOUR } from '../lib/units.ts'
import { GROUPS, type Group } from './row.ts'

/*
 * What the table shows, all of it in the URL: a link shows the same, and going back goes back.
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

/** The spans that ends of links can be looked for in, in milliseconds. */
export const SPANS = { '1h': HOUR, '24h': DAY, '7d': 7 * DAY } as const
export type Span = keyof typeof SPANS

export interface View {
  readonly sort: Sort
  readonly descending: boolean
  /** In the order of GROUPS; none means all. */
  readonly groups: readonly Group[]
  /** Ids as they came, each once; none means all. */
  readonly models: readonly string[]
  /** Only tasks with a link that ends within this span from now. */
  readonly within: Span | null
  /** As it was typed. */
  readonly search: string
}

export const DEFAULT_VIEW: View = {
  sort: 'added',
  descending: true,
  groups: [],
  models: [],
  within: null,
  search: '',
}

/** Characters of a search, or of the id of a model, that a URL is read for. */
export const LONGEST_TEXT = 200
export const MOST_MODELS = 50

const LARGEST_FIRST: ReadonlySet<Sort> = new Set([
  'added',
  'progress',
  'credits',
  'files',
  'checked',
])

/** The direction that a column is most useful in; what a first click on it sorts by. */
export const isDescendingFirst = (sort: Sort): boolean => LARGEST_FIRST.has(sort)

/** Whatever else is in the URL, and what is no part of a view, is passed over. */
export function readView(params: URLSearchParams): View {
  const sort = SORTS.find((it) => it === params.get('sort')) ?? DEFAULT_VIEW.sort
  const order = params.get('order')
  const groups = new Set(params.getAll('status'))
  const within = params.get('within') ?? ''
  const models = params.getAll('model').filter((model) => model !== '')
  return {
    sort,
    descending: order === 'desc' || (order !== 'asc' && isDescendingFirst(sort)),
    groups: GROUPS.filter((group) => groups.has(group)),
    models: [...new Set(models.map(cut))].slice(0, MOST_MODELS),
    within: isSpan(within) ? within : null,
    search: cut(params.get('search') ?? ''),
  }
}

const isSpan = (text: string): text is Span => Object.hasOwn(SPANS, text)

/** By whole characters: half of one would not survive the URL. */
const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : Array.from(text).slice(0, LONGEST_TEXT).join('')

/** The parameters of a view, and none for what is as ever. */
export function writeView(view: View): URLSearchParams {
  const { sort, descending, groups, models, within, search } = view
  const params = new URLSearchParams()
  if (sort !== DEFAULT_VIEW.sort) params.set('sort', sort)
  if (descending !== isDescendingFirst(sort)) params.set('order', descending ? 'desc' : 'asc')
  for (const group of groups) params.append('status', group)
  for (const model of models) params.append('model', model)
  if (within !== null) params.set('within', within)
  if (search !== '') params.set('search', search)
  return params
}
