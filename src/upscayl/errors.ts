/** Everything that can come of a question instead of a task. */
export type ApiError =
  /** No answer arrived: no network, or our own server is not running. */
  | { readonly kind: 'network' }
  /** The server Loupe came from answers, but the API does not answer it. */
  | { readonly kind: 'unreachable' }
  /** Sent, but no answer in time: it may have had its effect all the same. */
  | { readonly kind: 'timeout' }
  /** The key is missing or not accepted. */
  | { readonly kind: 'key' }
  | { readonly kind: 'credits'; readonly message: string | null }
  /** No such task for this key. */
  | { readonly kind: 'missing'; readonly message: string | null }
  /** The allowance of this key is used up; `until` is epoch milliseconds, null where nothing told it. */
  | { readonly kind: 'limited'; readonly until: number | null; readonly message: string | null }
  /** The API understood the question and refuses it; asking again gets the same answer. */
  | { readonly kind: 'rejected'; readonly status: number; readonly message: string | null }
  /**
   * A 5xx, or an answer that is no answer: HTML, empty, cut off. `status` 200 is possible. `until`: not to
   * be tried again before (epoch ms); it is about this task, and says nothing of the key's allowance.
   */
  | {
      readonly kind: 'upstream'
      readonly status: number
      readonly message: string | null
      readonly until: number | null
    }

export type ApiErrorKind = ApiError['kind']

interface ErrorRule {
  /** stop: the same question gets the same answer. retry: worth another try, later. wait: until it is over. */
  readonly next: 'stop' | 'retry' | 'wait'
  /** It was sent and no answer came back, so the API may still be acting on it. */
  readonly ambiguous: boolean
}

/** Everything that depends on the kind of error alone. */
export const ERROR_RULES = {
  network: { next: 'retry', ambiguous: true },
  unreachable: { next: 'retry', ambiguous: true },
  timeout: { next: 'retry', ambiguous: true },
  key: { next: 'stop', ambiguous: false },
  credits: { next: 'stop', ambiguous: false },
  missing: { next: 'stop', ambiguous: false },
  limited: { next: 'wait', ambiguous: false },
  rejected: { next: 'stop', ambiguous: false },
  upstream: { next: 'retry', ambiguous: false },
} as const satisfies Record<ApiErrorKind, ErrorRule>
