import type { MiddlewareHandler } from 'hono'
import { keyedHash } from '../http/keyed-hash.ts'
import { readApiKey } from '../http/read-request.ts'
import { ID_HEADER, requestIdOf } from '../http/request-id.ts'
import { readLink } from '../sharing/read-link.ts'
import type { ObjectNamespace } from './cloudflare-types.ts'
import type { Settings } from './settings.ts'

/** Forwards each request that has a key to the key's object. The rest never reaches the API. */
export function routeToKeyObject(
  objects: ObjectNamespace,
  { ciphers, keySecret }: Settings,
): MiddlewareHandler {
  /** The key of the request, or for a live link the key it was created with. */
  const keyOf = async ({ url, headers }: Request): Promise<string | null> => {
    if (!/^\/api\/shared(\/previews)?$/.test(new URL(url).pathname)) return readApiKey(headers)
    return (await readLink(headers, ciphers ?? []))?.grant.key ?? null
  }
  return async (c, next) => {
    const request = c.req.raw
    const key = await keyOf(request)
    if (key === null) return next()
    // The Worker's operator can list objects by name, so no name contains a key.
    const object = objects.get(objects.idFromName(await keyedHash(keySecret, key)))
    const headers = new Headers(request.headers)
    headers.set(ID_HEADER, requestIdOf(c) ?? '')
    const response = await object.fetch(new Request(request, { headers }))
    return new Response(response.body, response)
  }
}
