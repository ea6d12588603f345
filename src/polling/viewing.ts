import * as v from 'valibot'
import type { Result } from '../lib/result.ts'
import { MINUTE, SECOND } from '../lib/units.ts'
import type { SharedTask as SharedAnswer, ShareError } from '../upscayl/shares.ts'
import { recordSchema } from './record-schema.ts'
import { shifted } from './shifted.ts'
import { notable, type TaskRecord } from './task-record.ts'

/** A task behind a live link, as its viewer knows it. Times are epoch milliseconds by this device's clock. */
export interface SharedTask extends Pick<SharedAnswer, 'taskId' | 'shown'> {
  readonly record: TaskRecord
  /** When the link ends. */
  readonly endsAt: number
}

export interface Viewing {
  /** As last seen: it stays while later looks fail. Null before the first. */
  readonly seen: SharedTask | null
  /** Why the last look failed; null if it did not. */
  readonly fault: ShareError | null
  /** When the server is asked again; null for never by itself. */
  readonly dueAt: number | null
  /** Failed looks in a row. */
  readonly failures: number
}

export const UNSEEN: Viewing = { seen: null, fault: null, dueAt: 0, failures: 0 }

/** No word of the server's is worse than none. */
const UNREADABLE: ShareError = { kind: 'refused', message: 'Its answer could not be read.' }

/** What a later look could bring an answer for. */
const PASSING: ReadonlySet<ShareError['kind']> = new Set(['network', 'refused'])
const FIRST_RETRY = 5 * SECOND
const LONGEST_RETRY = 2 * MINUTE

/** What is known after one more look, which was answered at `at`. Pure. */
export function viewingAfter(
  before: Viewing,
  answer: Result<SharedAnswer, ShareError>,
  at: number,
): Viewing {
  const read = answer.ok ? readView(answer.value, at) : null
  if (read !== null) return { ...read, fault: null, failures: 0 }
  const fault = answer.ok ? UNREADABLE : answer.error
  const failures = before.failures + 1
  const wait = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1))
  return { seen: before.seen, fault, failures, dueAt: PASSING.has(fault.kind) ? at + wait : null }
}

function readView(view: SharedAnswer, at: number): Pick<Viewing, 'seen' | 'dueAt'> | null {
  const record = v.safeParse(recordSchema, view.record)
  if (!record.success) return null
  const { taskId, shown, endsAt, nextInMs } = view
  const ahead = notable(view.now - at)
  return {
    seen: { taskId, shown, record: shifted(record.output, -ahead), endsAt: endsAt - ahead },
    dueAt: nextInMs === null ? null : at + nextInMs,
  }
}
