/** A log record for the operator. Never contains a key, a body or a task ID. */
export type LogRecord = LogEvent & {
  /** The `X-Request-Id` of the related response; absent if there is none. */
  readonly id?: string
}

type LogEvent =
  /** A completed request under /api. */
  | {
      readonly event: 'request'
      readonly id: string
      readonly method: string
      /** Route pattern, such as /api/share/:id. */
      readonly path: string
      readonly status: number
      readonly ms: number
    }
  /** A failed upstream request. */
  | {
      readonly event: 'upstream-failure'
      readonly method: string
      readonly path: string
      /** Status sent to the browser. */
      readonly status: number
      readonly ms: number
      /** A system error such as ECONNREFUSED. */
      readonly code?: string
    }
  /** Live links can't be created or opened. `why` is a sentence. */
  | { readonly event: 'shares-unavailable'; readonly why: string }
  /** State that must survive a restart can't be stored, so no tasks are started. `why` is a sentence. */
  | { readonly event: 'starts-unavailable'; readonly why: string }
  /** A setting that must be fixed before any request is served. `why` is a sentence. */
  | { readonly event: 'settings-unusable'; readonly why: string }
  /** A bug in this program. */
  | { readonly event: 'fault'; readonly name: string; readonly at: string }

export type Log = (record: LogRecord) => void

/** A record as a log line, with its time. */
export const logLine = (record: LogRecord, at: Date): string =>
  JSON.stringify({ time: at.toISOString(), ...record })

/** Only an error's name and location: its message may quote the request, and so the key. */
export const errorRecord = ({ name, stack }: Error): LogRecord => ({
  event: 'fault',
  name,
  at: /^\s+at .*$/m.exec(stack ?? '')?.[0].trim() ?? 'unknown',
})
