import * as v from 'valibot'
import type { Result } from '../../core/lib/result.ts'
import { MINUTE, SECOND } from '../../core/lib/units.ts'
import {
  notable,
  recordSchema,
  shiftTimestamps,
  type TaskRecord,
} from '../../core/record/task-record.ts'
import type { SharedTask as SharedAnswer, ShareError } from '../api/shares.ts'

/** A task as the viewer of a live link knows it. Times: epoch ms by this device's clock. */
export interface SharedTask extends Pick<SharedAnswer, 'taskId' | 'shown'> {
  readonly record: TaskRecord
  /** Expiry of the link. */
  readonly endsAt: number
}

export interface LiveViewState {
  /** Last known state, kept while later updates fail. Null before the first. */
  readonly seen: SharedTask | null
  /** Error of the last update; null if it succeeded. */
  readonly fault: ShareError | null
  /** Time of the next automatic update; null for never. */
  readonly dueAt: number | null
  /** Failed updates in a row. */
  readonly failures: number
}

export const INITIAL: LiveViewState = { seen: null, fault: null, dueAt: 0, failures: 0 }

/** An unreadable response is treated like a refusal. */
const UNREADABLE: ShareError = { kind: 'refused', message: 'Unreadable response.' }

/** Errors that a later update may resolve. */
const PASSING: ReadonlySet<ShareError['kind']> = new Set(['network', 'refused'])
const FIRST_RETRY = 5 * SECOND
const MAX_RETRY = 2 * MINUTE

/** State after an update that was answered at `at`. Pure. */
export function nextState(
  before: LiveViewState,
  result: Result<SharedAnswer, ShareError>,
  at: number,
): LiveViewState {
  const read = result.ok ? readView(result.value, at) : null
  if (read !== null) return { ...read, fault: null, failures: 0 }
  const fault = result.ok ? UNREADABLE : result.error
  const failures = before.failures + 1
  const wait = Math.min(MAX_RETRY, FIRST_RETRY * 2 ** (failures - 1))
  return { seen: before.seen, fault, failures, dueAt: PASSING.has(fault.kind) ? at + wait : null }
}

function readView(view: SharedAnswer, at: number): Pick<LiveViewState, 'seen' | 'dueAt'> | null {
  const record = v.safeParse(recordSchema, view.record)
  if (!record.success) return null
  const { taskId, shown, endsAt, nextInMs } = view
  const ahead = notable(view.now - at)
  return {
    seen: { taskId, shown, record: shiftTimestamps(record.output, -ahead), endsAt: endsAt - ahead },
    dueAt: nextInMs === null ? null : at + nextInMs,
  }
}
