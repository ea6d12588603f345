/** What an answer says of itself. */
export interface Plan {
  /** How long ago the API gave it. */
  readonly ageMs: number
  /** Until a question may bring news; null: none will. */
  readonly nextMs: number | null
  /** By how much it is older than it says that it is good for, which is said in whole seconds. */
  readonly overdueMs: number
}

/** By `Loupe-Answer`, and `Cache-Control` (RFC 9111); null where one of them is missing. */
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
  const goodForMs = 1000 * (Number(maxAge) + 1)
  return { ageMs, nextMs: parts.get('next') ?? null, overdueMs: Math.max(0, ageMs - goodForMs) }
}
