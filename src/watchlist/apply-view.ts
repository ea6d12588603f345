import type { Reading } from '../lib/clock.ts'
import { modelName } from '../upscayl/models.ts'
import { TASK_RULES, type Task } from '../upscayl/task.ts'
import type { Entry } from './entry.ts'
import { endsOf, GROUPS, type Group, groupOf, nameOf, soonestEnd } from './row.ts'
import { type Sort, SPANS, type View } from './view.ts'

/** The entries that a view shows, in its order. Equal ones stay as they come. */
export function applyView(entries: readonly Entry[], view: View, now: number): readonly Entry[] {
  const groups = new Set(view.groups)
  const models = new Set<string | null>(view.models)
  const words = fold(view.search).split(/\s+/).filter(Boolean)
  const before = view.within === null ? null : now + SPANS[view.within]
  const shown = entries.filter(
    (entry) =>
      (groups.size === 0 || groups.has(groupOf(entry))) &&
      (models.size === 0 || models.has(modelOf(entry))) &&
      (before === null || endsIn(entry, now, before)) &&
      (words.length === 0 || hasWords(entry, words)),
  )
  return sorted(shown, view, now)
}

/** The same, and when time alone will have changed it: only ends of links do that. */
export function shownBy(
  entries: readonly Entry[],
  view: View,
  now: number,
): Reading<readonly Entry[]> {
  const { within, sort } = view
  const byTime = within !== null || sort === 'expires'
  return {
    value: applyView(entries, view, now),
    changesAt: byTime ? expiringSoon(entries, now, SPANS[within ?? '24h']).changesAt : null,
  }
}

const modelOf = ({ record: { task } }: Entry): string | null => task?.settings.model ?? null

const modelNameOf = (entry: Entry): string | null => {
  const model = modelOf(entry)
  return model === null ? null : modelName(model)
}

const endsIn = (entry: Entry, after: number, last: number): boolean =>
  endsOf(entry).some((at) => at > after && at <= last)

/** Without case and marks, so that "ete" finds "Été". */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** Entries do not change, so what is searched is made once for each. */
const searched = new WeakMap<Entry, string>()

function hasWords(entry: Entry, words: readonly string[]): boolean {
  let text = searched.get(entry)
  if (text === undefined) {
    text = fold(textOf(entry))
    searched.set(entry, text)
  }
  const found = text
  return words.every((word) => found.includes(word))
}

function textOf(entry: Entry): string {
  const { task } = entry.record
  const names = task?.files.flatMap(
    ({ originalName, storedName }) => originalName ?? storedName ?? [],
  )
  const status = task === null ? [] : statusWords(task)
  const model = modelOf(entry)
  const texts = [entry.id, ...(names ?? []), model, modelNameOf(entry), groupOf(entry), ...status]
  // No word that is searched for has a line break in it, so none spans two of them.
  return texts.join('\n')
}

const statusWords = (task: Task): readonly (string | null)[] => [
  TASK_RULES[task.kind].label,
  task.kind === 'unrecognized' ? task.word : null,
]

/** What is sorted by; null where it is unknown, which goes last in both directions. */
type Value = number | string | null

const KEYS: Readonly<Record<Sort, (entry: Entry, now: number) => Value>> = {
  added: ({ addedAt }) => addedAt,
  status: (entry) => GROUPS.indexOf(groupOf(entry)),
  name: (entry) => natural(nameOf(entry)),
  progress: ({ record }) => record.task?.progress ?? null,
  model: (entry) => natural(modelNameOf(entry)),
  credits: ({ record }) => record.task?.credits.amount ?? null,
  files: ({ record }) => record.task?.files.length ?? null,
  // What has ended is below 0, so that it can go behind what has not.
  expires: (entry, now) => {
    const at = soonestEnd(entry, now)
    return at === null || at > now ? at : -at
  },
  checked: ({ record }) => record.askedAt,
}

/** Numbers in it by their size, so that frame-9 is before frame-10. */
const natural = (text: string | null): string | null =>
  text && fold(text).replace(/\d+/g, (digits) => digits.padStart(16, '0'))

/** Lower ranks are first, whichever way is sorted. */
const rankOf = (value: Value): number =>
  value === null ? 2 : typeof value === 'number' && value < 0 ? 1 : 0

function sorted(entries: readonly Entry[], view: View, now: number): readonly Entry[] {
  const keyOf = KEYS[view.sort]
  const direction = view.descending ? -1 : 1
  return entries
    .map((entry) => {
      const value = keyOf(entry, now)
      return { entry, value, rank: rankOf(value) }
    })
    .sort((a, b) => {
      if (a.rank !== b.rank || a.value === null || b.value === null) return a.rank - b.rank
      return a.value < b.value ? -direction : a.value > b.value ? direction : 0
    })
    .map(({ entry }) => entry)
}

/** How many entries each choice of a filter has. */
export interface Facets {
  /** Of every group, in the order of GROUPS. */
  readonly groups: ReadonlyMap<Group, number>
  /** Of every model that is there, by its id as it came; the most frequent first. */
  readonly models: ReadonlyMap<string, number>
}

export function facets(entries: readonly Entry[]): Facets {
  const groups = new Map<Group, number>(GROUPS.map((group) => [group, 0]))
  const models = new Map<string, number>()
  for (const entry of entries) {
    const group = groupOf(entry)
    groups.set(group, (groups.get(group) ?? 0) + 1)
    const model = modelOf(entry)
    if (model !== null) models.set(model, (models.get(model) ?? 0) + 1)
  }
  const byCount = [...models].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return { groups, models: new Map(byCount) }
}

/** The entries with a link that ends within `withinMs` from now, the soonest first. */
export function expiringSoon(
  entries: readonly Entry[],
  now: number,
  withinMs: number,
): Reading<readonly Entry[]> {
  const ends = entries.flatMap((entry) => {
    const at = soonestEnd(entry, now)
    return at === null || at <= now ? [] : [{ entry, at }]
  })
  const changes = ends.map(({ at }) => (at <= now + withinMs ? at : at - withinMs))
  return {
    value: ends
      .filter(({ at }) => at <= now + withinMs)
      .sort((a, b) => a.at - b.at)
      .map(({ entry }) => entry),
    changesAt: changes.length === 0 ? null : Math.min(...changes),
  }
}
