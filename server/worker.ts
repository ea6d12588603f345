import type { Hono } from 'hono'
import { createApp } from './app.ts'
import type { Env, ExecutionContext, Fetcher } from './cloudflare/cloudflare-types.ts'
import { routeToKeyObject } from './cloudflare/route-to-key-object.ts'
import { appOptions, log, readSettings } from './cloudflare/settings.ts'
import { problem } from './http/problem.ts'
import { clientLimit } from './http/request-limit.ts'
import { type SiteFiles, siteOf } from './http/site.ts'
import type { ShareStore } from './sharing/share-store.ts'

/*
 * Loupe as a Cloudflare Worker: the same app as on Node (app.ts), with the same behaviour
 * (test/conformance). Differences:
 *
 *   state of a key    a Durable Object for each key; on Node the process
 *   storage           quota, starts, links and tasks in that object's storage; on Node all but the tasks
 *                     in files, the tasks in memory until the process ends
 *   the built files   the Worker's assets, compressed by Cloudflare; on Node a folder
 *   settings          no sandbox, no HOST, PORT or LOUPE_DATA_DIR, but LOUPE_KEY_SECRET
 *   host names        without LOUPE_ORIGIN all that lead here; on Node, those of the machine
 *   the network       sends the length of a form only for its own kind of stream (settings.ts), and
 *                     doesn't report failed connections: the outcome of a small form is unknown then
 */

export { KeyObject } from './cloudflare/key-object.ts'

/** For the Worker itself, which handles requests without a key; the key's object handles the rest. */
const NULL_SHARE_STORE: ShareStore = {
  add: () => {
    throw new Error('A public link belongs to a key.')
  },
  ofOwner: () => [],
  stateOf: () => 'unknown',
  previewsOf: () => [],
  revoke: () => false,
  close: () => undefined,
}

/** The built files among the Worker's assets. Cloudflare compresses them. */
function assetFiles(assets: Fetcher): SiteFiles {
  const fileAt = async (request: Request): Promise<Response | null> => {
    const response = await assets.fetch(request)
    // A copy, because the headers of a fetched response are immutable.
    if (response.ok || response.status === 304) return new Response(response.body, response)
    await response.body?.cancel()
    return null
  }
  return {
    file: (c) => fileAt(c.req.raw),
    page: (c, name) => fileAt(new Request(new URL(`/${name}`, c.req.url), c.req.raw)),
  }
}

/** Any host will do. */
const indexOf = (assets: Fetcher) => assets.fetch(new Request('https://loupe/index.html'))

let app: Hono | null = null

async function openApp(env: Env): Promise<Hono | null> {
  const settings = await readSettings(env)
  if (!settings.ok) {
    for (const why of settings.error) log({ event: 'settings-unusable', why })
    return null
  }
  const { config, ciphers } = settings.value
  if (ciphers === null) log({ event: 'shares-unavailable', why: 'SHARE_SECRET is not set.' })
  return createApp({
    ...appOptions(settings.value),
    names: config.origin === null ? null : config,
    logRequests: config.log === 'requests',
    // Each Cloudflare machine counts separately: a client always reaches the same few.
    clientLimit: clientLimit(
      config.requestsPerMinute,
      (c) => c.req.header('cf-connecting-ip') ?? null,
    ),
    forward: routeToKeyObject(env.KEYS, settings.value),
    sharing: ciphers === null ? undefined : { ciphers, store: NULL_SHARE_STORE },
    site: siteOf(assetFiles(env.ASSETS), await (await indexOf(env.ASSETS)).text()),
  })
}

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    // Not a promise shared by all requests: it would end with the request that created it.
    app ??= await openApp(env)
    if (app === null) return problem('INTERNAL')
    const response = Promise.resolve(app.fetch(request, env, context))
    // A request that was sent has its effect; its response matters even if the browser disconnected.
    context.waitUntil(response)
    return response
  },
}
