/** Whose message and decision it is, if not the API's. Missing in earlier versions. */
export interface Origin {
  readonly by?: 'loupe' | undefined
}

/** Errors of any request with a key, which concern its account. */
export type AccountError =
  /** The key is missing or was rejected. */
  { readonly kind: 'key' } | { readonly kind: 'credits'; readonly message: string | null }

/** The quota of the key is used up. */
export type LimitError = {
  readonly kind: 'limited'
  /** Epoch milliseconds; null if unknown. */
  readonly until: number | null
  readonly message: string | null
} & Origin

/** All errors of a status request. */
export type ApiError =
  /** No response: no network, or our own server is not running. */
  | { readonly kind: 'network' }
  /** Our own server responds, but cannot reach the API. */
  | { readonly kind: 'unreachable' }
  /** Sent, but no response in time: it may still have had its effect. */
  | { readonly kind: 'timeout' }
  | AccountError
  /** No such task for this key. */
  | { readonly kind: 'missing'; readonly message: string | null }
  | LimitError
  /** The API understood the request and rejects it; a retry would get the same response. */
  | ({
      readonly kind: 'rejected'
      readonly status: number
      readonly message: string | null
    } & Origin)
  /**
   * A 5xx, or an unusable response: HTML, empty, truncated. `status` 200 is possible. `until`: no retry
   * before (epoch ms); it applies to this task, not to the key's quota.
   */
  | ({
      readonly kind: 'upstream'
      readonly status: number
      readonly message: string | null
      readonly until: number | null
    } & Origin)

/** Whether Loupe's own server made it, not the API. */
export const isByLoupe = (error: ApiError | NamedError): boolean =>
  'by' in error && error.by === 'loupe'

export type ApiErrorKind = ApiError['kind']

/** What the name of an error depends on, of other requests as well. */
export type NamedError = Origin & { readonly kind: ApiErrorKind }

interface ErrorRule {
  /** stop: a retry would get the same response. retry: may succeed later. wait: until the limit resets. */
  readonly next: 'stop' | 'retry' | 'wait'
  /** It was sent without a response, so the API may still be processing it. */
  readonly ambiguous: boolean
}

/** Properties that depend on the kind of error alone. */
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
