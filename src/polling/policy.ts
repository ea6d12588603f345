import { type ApiErrorKind, ERROR_RULES } from '../upscayl/errors.ts'
import { isSettled, isTerminal } from '../upscayl/task.ts'
import type { TaskRecord } from './task-record.ts'

/** When to ask next (`at`, epoch ms; in the past means now), or why never again. */
export type Next =
  | { readonly kind: 'ask'; readonly at: number; readonly why: AskReason }
  | { readonly kind: 'stop'; readonly why: 'settled' | 'unconfirmed' | ApiErrorKind }

export type AskReason = 'progress' | 'confirming' | 'backoff' | 'limited'

const SECOND = 1000
const SHORTEST = 2 * SECOND
const LONGEST = 60 * SECOND
/** Waits before the questions that ask only whether the credits are confirmed. */
const CONFIRMATIONS = [5 * SECOND, 15 * SECOND, 40 * SECOND] as const
/** Where a 429 names no time. The allowance is counted by the hour, so minutes are worth waiting. */
const UNTOLD_WAIT = 5 * 60 * SECOND

/** Pure: the same record gives the same instant, however often it is asked. */
export function nextQuestion(record: TaskRecord): Next {
  const next = planned(record)
  const { notBefore } = record
  return next.kind === 'ask' && notBefore !== null && notBefore > next.at
    ? { kind: 'ask', at: notBefore, why: 'limited' }
    : next
}

function planned(record: TaskRecord): Next {
  if (record.error !== null) return afterError(record, record.error.kind)
  const { task, askedAt } = record
  if (task === null) return { kind: 'ask', at: askedAt + SHORTEST, why: 'progress' }
  if (isSettled(task)) return { kind: 'stop', why: 'settled' }
  if (isTerminal(task)) {
    const wait = CONFIRMATIONS[record.unconfirmed - 1]
    return wait === undefined
      ? { kind: 'stop', why: 'unconfirmed' }
      : { kind: 'ask', at: askedAt + wait, why: 'confirming' }
  }
  // The longer it has run, the less a short wait matters to it: a tenth of its age, within bounds.
  const age = (askedAt - record.firstAskedAt) / 10
  const slowest = task.kind === 'unrecognized' ? LONGEST / 2 : SHORTEST
  return { kind: 'ask', at: askedAt + clamp(age, slowest, LONGEST), why: 'progress' }
}

function afterError(record: TaskRecord, kind: ApiErrorKind): Next {
  const { error, askedAt, failures } = record
  switch (ERROR_RULES[kind].next) {
    case 'stop':
      return { kind: 'stop', why: kind }
    case 'wait': {
      const until = error?.kind === 'limited' ? error.until : null
      return { kind: 'ask', at: until ?? askedAt + UNTOLD_WAIT, why: 'limited' }
    }
    case 'retry': {
      const wait = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures - 1, 10))
      return { kind: 'ask', at: askedAt + wait, why: 'backoff' }
    }
  }
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
