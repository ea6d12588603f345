/** Freshness of a response, from its headers. */
export interface Plan {
  /** Age of the API's response. */
  readonly ageMs: number
  /** Time until a request may bring news; null if none will. */
  readonly nextMs: number | null
  /** How much older the response is than its max-age, which is in whole seconds. */
  readonly overdueMs: number
}

/** Parses `Loupe-Answer` and `Cache-Control` (RFC 9111); null if one of them is missing. */
export function planOf(headers: Headers): Plan | null {
  const parts = new Map(
    (headers.get('loupe-answer') ?? '').split(/,\s*/).map((part) => {
      const [name = '', value] = part.split('=')
      return [name, Number(value)]
    }),
  )
  const ageMs = parts.get('age')
  const maxAge = /(?:^|[,\s])max-age=(\d+)/i.exec(headers.get('cache-control') ?? '')?.[1]
  if (ageMs === undefined || maxAge === undefined) return null
  const freshForMs = 1000 * (Number(maxAge) + 1)
  return { ageMs, nextMs: parts.get('next') ?? null, overdueMs: Math.max(0, ageMs - freshForMs) }
}
