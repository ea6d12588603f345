import type { MiddlewareHandler } from 'hono'
import { readApiKey } from '../gateway/api-key.ts'
import { keyedHash } from '../keyed-hash.ts'
import { ID_HEADER, requestIdOf } from '../request-id.ts'
import { readLink } from '../share/read-link.ts'
import type { ObjectNamespace } from './runtime.ts'
import type { Settings } from './settings.ts'

/** Hands whatever is asked with a key to the object of the key. The rest never asks the API. */
export function forwardToKey(
  objects: ObjectNamespace,
  { sealers, keySecret }: Settings,
): MiddlewareHandler {
  /** Of a live link, the key that it was made with. */
  const keyOf = async ({ url, headers }: Request): Promise<string | null> => {
    if (new URL(url).pathname !== '/api/shared') return readApiKey(headers)
    return (await readLink(headers, sealers ?? []))?.grant.key ?? null
  }
  return async (c, next) => {
    const request = c.req.raw
    const key = await keyOf(request)
    if (key === null) return next()
    // Objects are listed by name for whoever runs the Worker, so no key is in one.
    const object = objects.get(objects.idFromName(await keyedHash(keySecret, key)))
    const headers = new Headers(request.headers)
    headers.set(ID_HEADER, requestIdOf(c) ?? '')
    const answer = await object.fetch(new Request(request, { headers }))
    return new Response(answer.body, answer)
  }
}
