import { type TaskRecord, withStart } from './task-record.ts'

/** Version of a record between tabs: its request count, or 0 if restored, since then it has no file links. */
export const versionOf = ({ requestCount, restored }: TaskRecord): number =>
  restored ? 0 : requestCount

/** Merges a record from another tab; returns `own` itself if that is nothing new. Pure. */
export const mergeRemoteRecord = (own: TaskRecord, remote: TaskRecord): TaskRecord =>
  versionOf(remote) > versionOf(own) ? withStart(remote, own) : withStart(own, remote)
