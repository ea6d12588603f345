/** What the server tells whoever runs it. Never holds a key, a body or a task id. */
export type LogRecord =
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
  /** A fault of this program. */
  | { readonly event: 'fault'; readonly name: string; readonly at: string }

export type Log = (record: LogRecord) => void

/** The text of an error may quote what was sent, and so the key: only its kind and place are kept. */
export const faultRecord = ({ name, stack }: Error): LogRecord => ({
  event: 'fault',
  name,
  at: /^\s+at .*$/m.exec(stack ?? '')?.[0].trim() ?? 'unknown',
})
