import * as v from 'valibot'
import { instant } from '../../core/api/task.ts'
import { safeText } from '../../core/lib/safe-text.ts'

/** What the user has written on a task. It stays in this browser, and is part of no share. */
export interface Annotation {
  /** Unique apart from case, in the order of the alphabet. */
  readonly labels: readonly string[]
  /** '' for none. */
  readonly note: string
  /** Epoch milliseconds; of two versions the later one counts. */
  readonly changedAt: number
}

export const MAX_LABELS = 20
export const MAX_LABEL_LENGTH = 40
export const MAX_NOTE_LENGTH = 2000

const order = new Intl.Collator('en', { sensitivity: 'accent', numeric: true })

/** Without surrounding and repeated spaces; '' if nothing is left. */
export const cleanLabel = (text: string): string =>
  safeText(text.replace(/\s+/g, ' '), MAX_LABEL_LENGTH)

const isSame = (one: string, other: string): boolean => order.compare(one, other) === 0

function uniqueLabels(labels: readonly string[]): readonly string[] {
  const clean = labels.map(cleanLabel).filter(Boolean)
  return clean.filter((label, index) => clean.findIndex((other) => isSame(other, label)) === index)
}

export const cleanLabels = (labels: readonly string[]): readonly string[] =>
  uniqueLabels(labels).slice(0, MAX_LABELS).sort(order.compare)

/** With its lines, each safe to display. */
export const cleanNote = (text: string): string => {
  const lines = text.split(/\r\n?|\n/).map((line) => safeText(line, Number.POSITIVE_INFINITY))
  return Array.from(lines.join('\n').trim()).slice(0, MAX_NOTE_LENGTH).join('').trim()
}

export const annotationSchema: v.GenericSchema<unknown, Annotation> = v.object({
  labels: v.pipe(
    v.array(v.string()),
    v.transform((labels) => cleanLabels(labels)),
  ),
  note: v.pipe(v.string(), v.transform(cleanNote)),
  changedAt: instant,
})

/** An edit of one or more tasks; what it does not name stays. */
export interface AnnotationChange {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly note?: string
}

/** Labels after an edit, of which there may be too many. */
function labelsAfter(known: Annotation | null, { add, remove }: AnnotationChange) {
  const kept = known?.labels.filter((label) => !remove.some((other) => isSame(other, label)))
  return uniqueLabels([...(kept ?? []), ...add])
}

/** Whether an edit gives a task more labels than it can have. */
export const hasTooMany = (known: Annotation | null, change: AnnotationChange): boolean =>
  labelsAfter(known, change).length > MAX_LABELS

/** The annotation after an edit; the same object if that changes nothing. */
export function annotate(
  known: Annotation | null,
  change: AnnotationChange,
  now: number,
): Annotation | null {
  const { labels, note: oldNote } = known ?? { labels: [], note: '' }
  const next = {
    labels: cleanLabels(labelsAfter(known, change)),
    note: cleanNote(change.note ?? oldNote),
  }
  const isUnchanged = next.note === oldNote && next.labels.join('\n') === labels.join('\n')
  return isUnchanged ? known : { ...next, changedAt: Math.max(now, (known?.changedAt ?? 0) + 1) }
}

/** The later of the two, whatever their order. */
export function mergeAnnotations(a: Annotation | null, b: Annotation | null): Annotation | null {
  if (a === null || b === null) return a ?? b
  if (a.changedAt !== b.changedAt) return a.changedAt > b.changedAt ? a : b
  return JSON.stringify(a) >= JSON.stringify(b) ? a : b
}

/** Every label in use with the number of its tasks, most frequent first. */
export function countLabels(
  entries: readonly { readonly annotation: Annotation | null }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { annotation } of entries)
    for (const label of annotation?.labels ?? []) counts.set(label, (counts.get(label) ?? 0) + 1)
  return new Map([...counts].sort(([a, x], [b, y]) => y - x || order.compare(a, b)))
}
