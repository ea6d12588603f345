import * as v from 'valibot'
import { SHORTEST_SECRET } from '../../src/upscayl/scrub.ts'

/** What an HTTP header can hold, and what can be kept out of every answer: see scrub.ts. */
const apiKey = v.pipe(
  v.string(),
  v.minLength(SHORTEST_SECRET),
  v.maxLength(512),
  v.regex(/^[\x21-\x7e]+$/),
)

/** The key of a request; null where it brings none, or none that can be used. */
export function readApiKey(headers: Headers): string | null {
  const parsed = v.safeParse(apiKey, headers.get('x-api-key'))
  return parsed.success ? parsed.output : null
}
