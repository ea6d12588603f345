import * as v from 'valibot'
import { recordSchema } from './record-schema.ts'

/*
 * What the tabs of one key tell each other over a BroadcastChannel. Another tab may run another
 * version of Loupe, so what it says is parsed; what is not understood is not for this tab.
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
  /** A tab opened, came to be seen, or follows other tasks than before: which, and how many questions it knows of. */
  v.object({ type: v.literal('hello'), tab, follows: v.record(v.string(), v.number()) }),
  /** The asking tab says so, and when each task is asked next. */
  v.object({
    type: v.literal('asker'),
    tab,
    visible: v.boolean(),
    plan: v.record(v.string(), next),
  }),
  /** What is now known of a task. */
  v.object({ type: v.literal('record'), id: v.string(), record: recordSchema }),
  /** Somebody wants a task asked now. */
  v.object({ type: v.literal('ask'), id: v.string() }),
])

export type TabMessage = v.InferOutput<typeof schema>

/** Null for what this version does not understand. */
export function readMessage(data: unknown): TabMessage | null {
  const parsed = v.safeParse(schema, data)
  return parsed.success ? parsed.output : null
}
