import * as v from 'valibot'
import type { Settings, Task } from './task.ts'
import { asTaskId, type TaskId } from './task-id.ts'
import { isWebLink } from './wire.ts'

/*
 * Parser for tasks that were parsed once before: from another tab, a stored list or a link.
 * Unlike wire.ts it is strict, since Loupe itself wrote the data.
 */

export const taskIdSchema = v.pipe(
  v.string(),
  v.transform(asTaskId),
  v.check((id) => id !== null),
) as v.GenericSchema<unknown, TaskId>

const text = v.nullable(v.string())
const count = v.nullable(v.pipe(v.number(), v.minValue(0)))
/** Epoch milliseconds that a Date can represent (ECMA-262, 21.4.1.1); others cannot be formatted. */
export const instant = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15))
const link = v.nullable(v.pipe(v.string(), v.check(isWebLink)))
const pixels = v.pipe(v.number(), v.minValue(1))

export const scaleSchema = v.nullable(
  v.variant('kind', [
    v.object({ kind: v.literal('known'), factor: v.picklist([1, 2, 3, 4, 5, 6, 7, 8]) }),
    v.object({ kind: v.literal('odd'), text: v.string() }),
  ]),
)

/** Settings of a task, as reported by the API or chosen at its start. */
export const settingsSchema: v.GenericSchema<unknown, Settings> = v.object({
  model: text,
  scale: scaleSchema,
  saveImageAs: text,
  compression: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  batchMode: v.nullable(v.boolean()),
  enhanceFace: v.nullable(v.boolean()),
})

const base = {
  progress: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  credits: v.object({ state: v.picklist(['deducted', 'outstanding', 'unknown']), amount: count }),
  settings: settingsSchema,
  files: v.array(
    v.object({
      id: v.string(),
      originalName: text,
      storedName: text,
      type: text,
      size: count,
      dimensions: v.nullable(v.object({ width: pixels, height: pixels })),
      createdAt: v.nullable(instant),
      expiresAt: v.nullable(instant),
      downloadUrl: link,
      thumbnailUrl: link,
    }),
  ),
}

export const taskSchema: v.GenericSchema<unknown, Task> = v.variant('kind', [
  v.object({ kind: v.literal('pending'), ...base }),
  v.object({ kind: v.literal('processing'), ...base }),
  v.object({ kind: v.literal('enhancing'), ...base }),
  v.object({ kind: v.literal('unrecognized'), ...base, word: text }),
  v.object({ kind: v.literal('processed'), ...base }),
  v.object({ kind: v.literal('failed'), ...base, reason: text }),
])
