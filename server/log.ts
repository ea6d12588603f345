/** What the server tells whoever runs it. Never holds a key, a body or a task id. */
export type LogRecord = Happening & {
  /** The `X-Request-Id` of the answer that it belongs to; absent where it belongs to none. */
  readonly id?: string
}

type Happening =
  /** A request under /api that was answered. */
  | {
      readonly event: 'request'
      readonly id: string
      readonly method: string
      /** Of the route, such as /api/share/:id. */
      readonly path: string
      readonly status: number
      readonly ms: number
    }
  /** A question that came to nothing. */
  | {
      readonly event: 'upstream-failure'
      readonly method: string
      readonly path: string
      /** What the browser was told. */
      readonly status: number
      readonly ms: number
      /** A system error such as ECONNREFUSED. */
      readonly code?: string
    }
  /** Live links cannot be given or opened. `why` is a sentence. */
  | { readonly event: 'shares-unavailable'; readonly why: string }
  /** What must outlive this server cannot be kept, so no tasks are started. `why` is a sentence. */
  | { readonly event: 'starts-unavailable'; readonly why: string }
  /** A setting that has to be mended before anything is answered. `why` is a sentence. */
  | { readonly event: 'settings-unusable'; readonly why: string }
  /** A fault of this program. */
  | { readonly event: 'fault'; readonly name: string; readonly at: string }

export type Log = (record: LogRecord) => void

/** A record as a line of the log, with its time. */
export const logLine = (record: LogRecord, at: Date): string =>
  JSON.stringify({ time: at.toISOString(), ...record })

/** The text of an error may quote what was sent, and so the key: only its kind and place are kept. */
export const faultRecord = ({ name, stack }: Error): LogRecord => ({
  event: 'fault',
  name,
  at: /^\s+at .*$/m.exec(stack ?? '')?.[0].trim() ?? 'unknown',
})
