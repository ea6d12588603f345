import { type TaskRecord, withStart } from './task-record.ts'

/** Questions whose answers a tab really has: what it only remembers has no links to files. */
export const heardOf = ({ questions, recalled }: TaskRecord): number => (recalled ? 0 : questions)

/** What is known once another tab has said what it knows; `own` itself where that is nothing new. Pure. */
export const afterHearing = (own: TaskRecord, said: TaskRecord): TaskRecord =>
  heardOf(said) > heardOf(own) ? withStart(said, own) : withStart(own, said)
