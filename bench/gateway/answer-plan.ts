/** What an answer says of itself. */
export interface Plan {
  /** How long ago the API gave it. */
  readonly ageMs: number
  /** Until a question may bring news, negative when it was due before; null: none will. */
  readonly nextMs: number | null
}

/** By `Loupe-Answer`, else by `Age` and `Cache-Control` (RFC 9111); null where it says neither. */
export function planOf(headers: Headers): Plan | null {
  const exact = headers.get('loupe-answer')
  if (exact !== null) {
    const parts = new Map(exact.split(/,\s*/).map((part) => part.split('=', 2) as [string, string]))
    const next = parts.get('next')
    return {
      ageMs: Number(parts.get('age')),
      nextMs: next === undefined || !/^-?\d+$/.test(next) ? null : Number(next),
    }
  }
  const age = Number(headers.get('age') ?? 0)
  const maxAge = /(?:^|[,\s])max-age=(\d+)/i.exec(headers.get('cache-control') ?? '')?.[1]
  return maxAge === undefined ? null : { ageMs: 1000 * age, nextMs: 1000 * (Number(maxAge) - age) }
}
