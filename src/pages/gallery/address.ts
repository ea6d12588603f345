import * as v from 'valibot'
import { paths } from '../../lib/paths.ts'

/*
 * The address of a picture: which state, in which theme, at which time, how wide. Whatever is left
 * out or makes no sense has a fixed value, so that an address always shows the same.
 */

export const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export interface View {
  readonly theme: Theme
  /** Where the clock stands, epoch milliseconds. */
  readonly at: number
  /** In a frame of so many pixels; null for as wide as the window. */
  readonly width: number | null
}

export const DEFAULT_AT = Date.UTC(2026, 0, 1, 12)
const [NARROWEST, WIDEST] = [320, 2560] as const
const EARLIEST = Date.UTC(1971, 0, 2)
const LATEST = Date.UTC(9999, 0, 1)

/** RFC 3339, 5.6. A regex, since valibot's own for this would be in the first load of every page. */
const TIMESTAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/
const instant = v.pipe(
  v.string(),
  v.regex(TIMESTAMP),
  v.transform((text) => Date.parse(text)),
  v.number(),
  v.minValue(EARLIEST),
  v.maxValue(LATEST),
)
const pixels = v.pipe(
  v.string(),
  v.regex(/^\d+$/),
  v.transform(Number),
  v.minValue(NARROWEST),
  v.maxValue(WIDEST),
)
const query = v.object({
  theme: v.fallback(v.picklist(THEMES), 'light'),
  at: v.fallback(instant, DEFAULT_AT),
  width: v.fallback(v.nullable(pixels), null),
})

export const readView = (params: URLSearchParams): View =>
  v.parse(query, {
    theme: params.get('theme'),
    at: params.get('at'),
    width: params.get('width'),
  })

/** An instant as it stands in an address: whole seconds without their zeros. */
export const writeInstant = (at: number): string =>
  new Date(at).toISOString().replace(/\.000Z$/, 'Z')

/** Null: what a person typed is no instant this page can show. */
export function readInstant(text: string): number | null {
  const parsed = v.safeParse(instant, text.trim())
  return parsed.success ? parsed.output : null
}

/** The address of a state; everything is named in it, also what has its usual value. */
export function addressOf(state: string, { theme, at, width }: View): string {
  const params = new URLSearchParams({ theme, at: writeInstant(at) })
  if (width !== null) params.set('width', String(width))
  // A colon needs no escape in a query (RFC 3986, 3.4), and addresses are read by people.
  return `${paths.gallery}/${encodeURIComponent(state)}?${params}`.replaceAll('%3A', ':')
}
