import * as v from 'valibot'
import { paths } from '../lib/paths.ts'

/*
 * URL of a gallery state: state, theme, time and width. Missing or invalid parts have fixed
 * defaults, so that a URL always shows the same.
 */

export const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export interface View {
  readonly theme: Theme
  /** Time at which the clock is held, epoch milliseconds. */
  readonly at: number
  /** Width of the frame in pixels; null for the window's width. */
  readonly width: number | null
}

export const DEFAULT_AT = Date.UTC(2026, 0, 1, 12)
const [NARROWEST, WIDEST] = [320, 2560] as const
const EARLIEST = Date.UTC(1971, 0, 2)
const LATEST = Date.UTC(9999, 0, 1)

/** RFC 3339, 5.6. A regex, since valibot's would be in the first load of every page. */
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

/** Time as written in a URL: whole seconds without their zeros. */
export const writeInstant = (at: number): string =>
  new Date(at).toISOString().replace(/\.000Z$/, 'Z')

/** Null if the input is not a time that this page can show. */
export function readInstant(text: string): number | null {
  const parsed = v.safeParse(instant, text.trim())
  return parsed.success ? parsed.output : null
}

/** URL of a state, with all parameters, even default ones. */
export function addressOf(state: string, { theme, at, width }: View): string {
  const params = new URLSearchParams({ theme, at: writeInstant(at) })
  if (width !== null) params.set('width', String(width))
  // A colon needs no escape in a query (RFC 3986, 3.4), and people read these URLs.
  return `${paths.gallery}/${encodeURIComponent(state)}?${params}`.replaceAll('%3A', ':')
}
