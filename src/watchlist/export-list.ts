import * as v from 'valibot'
import { err, ok, type Result } from '../lib/result.ts'
import { type Entry, readStored, toStored, VERSION, withoutPictures, withRecord } from './entry.ts'
import { mergeEntries } from './merge.ts'

/** What was read of an exported list. Tasks that were not understood are counted. */
export interface Exported {
  /** Each id once. */
  readonly entries: readonly Entry[]
  readonly unreadable: number
  /** Written by a later Loupe than this. */
  readonly newer: number
}

/**
 * The list as JSON: a task a line, in an order and a form that depend on nothing but what is known of
 * the tasks, so that two exports can be compared. No links to files or pictures are in it.
 */
export function exportList(entries: readonly Entry[]): string {
  const lines = [...entries]
    .sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1))
    .map((entry) =>
      JSON.stringify(toStored(withoutPictures(withRecord(entry, entry.record))), sortedKeys),
    )
  const tasks = lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`
  return `{"loupe":"list","version":${VERSION},"tasks":[${tasks}]}\n`
}

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const head = v.object({ loupe: v.literal('list'), version: v.number() })
const list = v.object({ tasks: v.array(v.unknown()) })

/** Reads what `exportList` wrote. The error is a sentence for a person. Never throws. */
export function readExport(text: string): Result<Exported, string> {
  const json = parse(text.replace(/^\ufeff/, ''))
  const known = v.safeParse(head, json)
  if (!known.success) return err('This is no list that Loupe exported.')
  const read = v.safeParse(list, json)
  if (!read.success) {
    return err(
      known.output.version > VERSION
        ? 'This list was exported by a newer Loupe than this. Reload the page, then try again.'
        : 'This exported list is damaged: its tasks are missing.',
    )
  }
  const entries = new Map<string, Entry>()
  const counts = { unreadable: 0, newer: 0 }
  for (const task of read.output.tasks) {
    const stored = readStored(task)
    if (stored.kind === 'entry') {
      const entry = withoutPictures(stored.entry)
      const had = entries.get(entry.id)
      entries.set(entry.id, had === undefined ? entry : mergeEntries(had, entry))
    } else counts[stored.kind]++
  }
  return ok({ entries: [...entries.values()], ...counts })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
