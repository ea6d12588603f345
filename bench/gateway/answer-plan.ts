/** What an answer says of itself. */
export interface Plan {
  /** How long ago the API gave it. */
  readonly ageMs: number
  /** Until a question may bring news, negative when it was due before; null: none will. */
  readonly nextMs: number | null
}

/** By `Loupe-Answer`, else by `Age` and `Cache-Control` (RFC 9111); of no answer kept: as fresh. */
export function planOf(headers: Headers): Plan {
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
  return { ageMs: 1000 * age, nextMs: maxAge === undefined ? 0 : 1000 * (Number(maxAge) - age) }
}
