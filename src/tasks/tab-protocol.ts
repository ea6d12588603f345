import * as v from 'valibot'
import { recordSchema } from '../../core/record/record-schema.ts'

/*
 * Messages between the tabs of one key over a BroadcastChannel. Another tab may run another version of
 * Loupe, so messages are parsed, and unknown ones are ignored.
 */

const next = v.variant('kind', [
  v.object({
    kind: v.literal('ask'),
    at: v.number(),
    why: v.picklist(['due', 'backoff', 'confirming', 'allowance']),
  }),
  v.object({ kind: v.literal('waiting'), why: v.literal('in-flight') }),
  v.object({
    kind: v.literal('never'),
    why: v.picklist(['settled', 'unconfirmed', 'no-allowance']),
  }),
])

const tab = v.string()

const schema = v.variant('type', [
  /** A tab opened, became visible, or follows other tasks: their IDs, with the request count of its records. */
  v.object({ type: v.literal('hello'), tab, follows: v.record(v.string(), v.number()) }),
  /** The leader announces itself and the next check of each task. */
  v.object({
    type: v.literal('asker'),
    tab,
    visible: v.boolean(),
    plan: v.record(v.string(), next),
  }),
  /** New record of a task. */
  v.object({ type: v.literal('record'), id: v.string(), record: recordSchema }),
  /** Requests a check of a task now. */
  v.object({ type: v.literal('ask'), id: v.string() }),
])

export type TabMessage = v.InferOutput<typeof schema>

/** Null if this version cannot parse it. */
export function readMessage(data: unknown): TabMessage | null {
  const parsed = v.safeParse(schema, data)
  return parsed.success ? parsed.output : null
}
