import { modelName } from '../../core/api/models.ts'
import { TASK_RULES, type Task } from '../../core/api/task.ts'
import type { Reading } from '../lib/clock.ts'
import { againText, entriesById } from './again-text.ts'
import { countLabels } from './annotation.ts'
import { type ListQuery, type Sort, SPANS } from './list-query.ts'
import { endsOf, GROUPS, type Group, groupOf, soonestEnd } from './task-group.ts'
import { taskName, taskSettings } from './task-title.ts'
import type { TrackedTask } from './tracked-task.ts'

/** The entries of a view, in its order. The sort is stable. */
export function applyListQuery(
  entries: readonly TrackedTask[],
  view: ListQuery,
  now: number,
): readonly TrackedTask[] {
  const groups = new Set(view.groups)
  const models = new Set<string | null>(view.models)
  const labels = new Set(view.labels.map(fold))
  const words = fold(view.search).split(/\s+/).filter(Boolean)
  const byId = entriesById(words.length === 0 ? [] : entries)
  const before = view.within === null ? null : now + SPANS[view.within]
  const shown = entries.filter(
    (entry) =>
      (groups.size === 0 || groups.has(groupOf(entry))) &&
      (models.size === 0 || models.has(modelOf(entry))) &&
      (labels.size === 0 || labelsOf(entry).some((label) => labels.has(fold(label)))) &&
      (before === null || endsIn(entry, now, before)) &&
      (words.length === 0 || hasWords(entry, words, againText(entry, byId))),
  )
  return sorted(shown, view, now)
}

/** The same, with the time of its next change without events: only link expiries cause one. */
export function shownBy(
  entries: readonly TrackedTask[],
  view: ListQuery,
  now: number,
): Reading<readonly TrackedTask[]> {
  const { within, sort } = view
  const byTime = within !== null || sort === 'expires'
  return {
    value: applyListQuery(entries, view, now),
    changesAt: byTime ? expiringSoon(entries, now, SPANS[within ?? '24h']).changesAt : null,
  }
}

const modelOf = (entry: TrackedTask): string | null => taskSettings(entry)?.model ?? null

const modelNameOf = (entry: TrackedTask): string | null => {
  const model = modelOf(entry)
  return model === null ? null : modelName(model)
}

const labelsOf = ({ annotation }: TrackedTask): readonly string[] => annotation?.labels ?? []

const endsIn = (entry: TrackedTask, after: number, last: number): boolean =>
  endsOf(entry).some((at) => at > after && at <= last)

/** Ignores case and diacritics, so that "ete" finds "Été". */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** Search text of each entry, cached because entries are immutable. */
const searched = new WeakMap<TrackedTask, string>()

/** `again`: what the row says of the task that it runs again, which may change without it. */
function hasWords(entry: TrackedTask, words: readonly string[], again: string | null): boolean {
  let text = searched.get(entry)
  if (text === undefined) {
    text = fold(textOf(entry))
    searched.set(entry, text)
  }
  const found = again === null ? text : `${text}\n${fold(again)}`
  return words.every((word) => found.includes(word))
}

function textOf(entry: TrackedTask): string {
  const { task } = entry.record
  const names = task?.files.flatMap(
    ({ originalName, storedName }) => originalName ?? storedName ?? [],
  )
  const status = task === null ? [] : statusWords(task)
  const model = modelOf(entry)
  const texts = [
    entry.id,
    entry.source?.name ?? null,
    ...(entry.source?.others ?? []),
    ...(names ?? []),
    model,
    modelNameOf(entry),
    groupOf(entry),
    ...labelsOf(entry),
    entry.annotation?.note ?? null,
    ...status,
  ]
  // Search words contain no line breaks, so a match never spans two texts.
  return texts.join('\n')
}

const statusWords = (task: Task): readonly (string | null)[] => [
  TASK_RULES[task.kind].label,
  task.kind,
  task.kind === 'unrecognized' ? task.word : null,
]

/** Sort value; null for unknown, which goes last in both directions. */
type Value = number | string | null

const KEYS: Readonly<Record<Sort, (entry: TrackedTask, now: number) => Value>> = {
  added: ({ addedAt }) => addedAt,
  status: (entry) => GROUPS.indexOf(groupOf(entry)),
  name: (entry) => natural(taskName(entry)),
  progress: ({ record }) => record.task?.progress ?? null,
  model: (entry) => natural(modelNameOf(entry)),
  credits: ({ record }) => record.task?.credits.amount ?? null,
  files: ({ record }) => record.task?.files.length ?? null,
  // Negative if expired, so that it can be sorted after links that have not.
  expires: (entry, now) => {
    const at = soonestEnd(entry, now)
    return at === null || at > now ? at : -at
  },
  checked: ({ record }) => record.requestedAt,
}

/** Natural sort order: frame-9 is before frame-10. */
const natural = (text: string | null): string | null =>
  text && fold(text).replace(/\d+/g, (digits) => digits.padStart(16, '0'))

/** Lower ranks are first in both directions. */
const rankOf = (value: Value): number =>
  value === null ? 2 : typeof value === 'number' && value < 0 ? 1 : 0

function sorted(
  entries: readonly TrackedTask[],
  view: ListQuery,
  now: number,
): readonly TrackedTask[] {
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

/** Number of entries for each filter option. */
export interface Facets {
  /** For every group, in the order of GROUPS. */
  readonly groups: ReadonlyMap<Group, number>
  /** For every model that occurs, by its ID as received; most frequent first. */
  readonly models: ReadonlyMap<string, number>
  /** For every label in use; most frequent first. */
  readonly labels: ReadonlyMap<string, number>
}

export function facets(entries: readonly TrackedTask[]): Facets {
  const groups = new Map<Group, number>(GROUPS.map((group) => [group, 0]))
  const models = new Map<string, number>()
  for (const entry of entries) {
    const group = groupOf(entry)
    groups.set(group, (groups.get(group) ?? 0) + 1)
    const model = modelOf(entry)
    if (model !== null) models.set(model, (models.get(model) ?? 0) + 1)
  }
  const byCount = [...models].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return { groups, models: new Map(byCount), labels: countLabels(entries) }
}

/** The entries with a link that expires within `withinMs` from now, soonest first. */
export function expiringSoon(
  entries: readonly TrackedTask[],
  now: number,
  withinMs: number,
): Reading<readonly TrackedTask[]> {
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
