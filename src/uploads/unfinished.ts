import * as v from 'valibot'
import { isWebLink } from '../../core/api/file-links.ts'
import { instant } from '../../core/api/task.ts'
import { taskIdSchema } from '../../core/api/task-id.ts'
import { parseJson, type TextFormat } from '../../core/lib/parse-json.ts'
import type { StartSettings } from '../api/create-task.ts'
import type { Store } from '../lib/store.ts'
import type { EarlierTask } from './earlier-task.ts'
import { startSettings } from './task-settings.ts'
import type { ImageSource } from './upload.ts'

/** An upload under way, as the next load of the page finds it. It has no link that anyone could write to. */
export interface Unfinished {
  /** Its idempotency key. */
  readonly attempt: string
  /** ID of the page that it belongs to, as in left-uploads.ts. */
  readonly page: string
  /** Of one task, in order. */
  readonly images: readonly Exclude<ImageSource, { kind: 'file' }>[]
  readonly settings: StartSettings
  readonly earlier: EarlierTask | null
  /** When a start was first sent whose outcome is unknown, epoch ms; null if no task can have been started. */
  readonly sentAt: number | null
  /** Its tab was closed meanwhile. */
  readonly closed: boolean
}

/** Stores uploads by attempt, for the next load of the page; null removes one. */
export type SaveUnfinished = (changes: ReadonlyMap<string, Omit<Unfinished, 'page'> | null>) => void

/** The oldest are dropped beyond this. */
export const MAX_UNFINISHED = 500

const image = v.variant('kind', [
  v.object({
    kind: v.literal('missing'),
    name: v.string(),
    size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    lastModified: v.pipe(v.number(), v.safeInteger()),
  }),
  v.object({ kind: v.literal('url'), url: v.pipe(v.string(), v.check(isWebLink)) }),
])

const unfinished: v.GenericSchema<unknown, Unfinished> = v.object({
  attempt: v.pipe(v.string(), v.nonEmpty()),
  page: v.pipe(v.string(), v.nonEmpty()),
  images: v.pipe(v.array(image), v.minLength(1)),
  settings: startSettings,
  earlier: v.nullable(
    v.object({
      taskId: taskIdSchema,
      settings: v.nullable(startSettings),
      count: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    }),
  ),
  sentAt: v.nullable(instant),
  closed: v.boolean(),
})

/** One that can't be read does not take the others with it. */
export const unfinishedFormat: TextFormat<readonly Unfinished[]> = {
  parse(text) {
    const all = v.safeParse(v.array(v.unknown()), text === null ? [] : parseJson(text))
    if (!all.success) return []
    return all.output.flatMap((one) => {
      const parsed = v.safeParse(unfinished, one)
      return parsed.success ? [parsed.output] : []
    })
  },
  format: (all) => (all.length === 0 ? null : JSON.stringify(all.slice(-MAX_UNFINISHED))),
}

/** Stores uploads as those of a page, each in its place. Writes nothing if nothing changes. */
export const saveTo =
  (store: Store<readonly Unfinished[]>, page: string): SaveUnfinished =>
  (changes) => {
    const stored = new Set(store.get().map(({ attempt }) => attempt))
    const isNeeded = [...changes].some(([attempt, one]) => one !== null || stored.has(attempt))
    if (!isNeeded) return
    store.change((all) => {
      const next = new Map(all.map((one) => [one.attempt, one]))
      for (const [attempt, one] of changes) {
        if (one === null) next.delete(attempt)
        else next.set(attempt, { ...one, page })
      }
      return [...next.values()]
    })
  }
