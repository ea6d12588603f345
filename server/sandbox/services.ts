import type { Database } from '../database.ts'
import type { Paths } from './data-dir.ts'
import type { Links } from './links.ts'
import type { RecordingStore } from './recordings.ts'
import type { RequestCounter } from './request-counter.ts'
import type { Accounts } from './store/accounts.ts'
import type { Tasks } from './store/tasks.ts'
import type { Uploads } from './store/uploads.ts'
import type { Worker } from './work/worker.ts'

/** Shared dependencies of a sandbox's routes. */
export interface Services {
  readonly db: Database
  readonly paths: Paths
  readonly accounts: Accounts
  readonly tasks: Tasks
  readonly uploads: Uploads
  readonly links: Links
  readonly recordings: RecordingStore
  readonly counter: RequestCounter
  readonly worker: Worker
  readonly now: () => number
  /** Size of an upload's parts, except the last. */
  readonly partBytes: number
  /** Origin of links; null: the request's origin. */
  readonly origin: string | null
  /** Aborted when the sandbox closes: waiting requests then finish, and no upload becomes a task. */
  readonly closing: AbortSignal
}
