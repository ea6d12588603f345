import type { TaskRecord } from './task-record.ts'

/** The record of another clock by this one: `by` milliseconds later, or earlier where negative. Pure. */
export function shifted(record: TaskRecord, by: number): TaskRecord {
  const at = (time: number | null) => (time === null ? null : time + by)
  const { failure, receipt } = record
  return {
    ...record,
    startedAt: at(record.startedAt),
    seenAt: at(record.seenAt),
    seenAskedAt: at(record.seenAskedAt),
    firstAskedAt: at(record.firstAskedAt),
    askedAt: at(record.askedAt),
    failure: failure && { ...failure, at: failure.at + by },
    observations: record.observations.map((one) => ({ ...one, at: one.at + by })),
    endSeenAt: at(record.endSeenAt),
    clockSkew: record.clockSkew - by,
    receipt: { ...receipt, at: at(receipt.at) },
  }
}
