import type { TaskRecord } from './task-record.ts'

/** Converts a record to another clock: all times move by `by` milliseconds, which may be negative. Pure. */
export function shiftTimestamps(record: TaskRecord, by: number): TaskRecord {
  const at = (time: number | null) => (time === null ? null : time + by)
  const { failure, deduction } = record
  return {
    ...record,
    startedAt: at(record.startedAt),
    seenAt: at(record.seenAt),
    seenRequestedAt: at(record.seenRequestedAt),
    firstRequestedAt: at(record.firstRequestedAt),
    requestedAt: at(record.requestedAt),
    failure: failure && { ...failure, at: failure.at + by },
    observations: record.observations.map((one) => ({ ...one, at: one.at + by })),
    endSeenAt: at(record.endSeenAt),
    clockSkew: record.clockSkew - by,
    deduction: { ...deduction, at: at(deduction.at) },
  }
}
