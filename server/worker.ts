import type { Hono } from 'hono'
import { createApp } from './app.ts'
import { problem } from './gateway/problem.ts'
import { clientLimit } from './request-limit.ts'
import { serveSite } from './site.ts'
import { appOptions, log } from './worker/app-options.ts'
import { assetFiles } from './worker/asset-files.ts'
import { forwardToKey } from './worker/forward.ts'
import { NO_SHARES } from './worker/no-shares.ts'
import type { Env, ExecutionContext } from './worker/runtime.ts'
import { readSettings } from './worker/settings.ts'

/*
 * Loupe as a Cloudflare Worker: the same app as on Node (app.ts), with the same behaviour
 * (behaviour.test.ts). What differs:
 *
 *   where keys meet   a Durable Object for each key; on Node the process
 *   what is kept      allowance, starts, links and tasks in the storage of that object; on Node all but
 *                     the tasks in files, those in memory until the process ends
 *   the built files   the Worker's assets, compressed by Cloudflare; on Node a folder
 *   settings          of the Worker: no sandbox, no HOST, PORT or LOUPE_DATA_DIR, but LOUPE_KEY_SECRET
 *   names             without LOUPE_ORIGIN all that lead here; on Node, those of the machine
 *   the network       says the length of a form only for a stream of its own kind (app-options.ts), and
 *                     not whether it was connected: what became of a small form is unknown then
 */

export { KeyObject } from './worker/key-object.ts'

let app: Hono | null = null

async function openApp(env: Env): Promise<Hono | null> {
  const settings = await readSettings(env)
  if (!settings.ok) {
    for (const why of settings.error) log({ event: 'settings-unusable', why })
    return null
  }
  const { config, sealers } = settings.value
  if (sealers === null) log({ event: 'shares-unavailable', why: 'SHARE_SECRET is not set.' })
  return createApp({
    ...appOptions(settings.value),
    names: config.origin === null ? null : config,
    logRequests: config.log === 'requests',
    // Each of Cloudflare's machines counts for itself: who comes always reaches the same few.
    ...clientLimit(config.requestsPerMinute, (c) => c.req.header('cf-connecting-ip') ?? null),
    forward: forwardToKey(env.KEYS, settings.value),
    ...(sealers === null ? {} : { sharing: { sealers, store: NO_SHARES } }),
    site: serveSite(assetFiles(env.ASSETS)),
  })
}

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    // Not a promise that all requests share: it would end with the request that began it.
    app ??= await openApp(env)
    if (app === null) return problem('INTERNAL')
    const answer = Promise.resolve(app.fetch(request, env, context))
    // A question that was sent has its effect; its answer is wanted also when the browser has gone.
    context.waitUntil(answer)
    return answer
  },
}
