import * as v from 'valibot'
import { jsonFormat, type TextFormat } from '../../core/lib/parse-json.ts'
import { hurried } from '../../core/quota/outage.ts'
import { acquire, acquireServerManaged, fullQuota, type Quota } from '../../core/quota/quota.ts'
import { quotaSchema } from '../../core/quota/quota-schema.ts'
import { serverBack } from '../api/server-signals.ts'
import { onNetwork, saysOffline } from '../lib/browser/network.ts'
import { now } from '../lib/clock.ts'
import { persisted, type Store } from '../lib/store.ts'

/*
 * State that all tabs of a key share and that survives reloads and crashes: the quota and whether checks
 * are paused. Stored in localStorage under the key's hash; it contains times and numbers, no key.
 */

export interface Shared {
  readonly quota: Quota
  /** The user has paused automatic checks. */
  readonly paused: boolean
  /** The server counts for all clients and responds from its cache, so nothing is held back here. */
  readonly serverManaged: boolean
}

/** As it is stored, with the names of the first version. */
const stored = jsonFormat(
  v.object({
    allowance: quotaSchema,
    paused: v.boolean(),
    counted: v.optional(v.boolean(), false),
  }),
)

const format: TextFormat<Shared> = {
  parse(text) {
    const shared = stored.parse(text)
    if (shared === null) return null
    const { allowance, paused, counted } = shared
    return { quota: allowance, paused, serverManaged: counted }
  },
  format: ({ quota, paused, serverManaged }) =>
    stored.format({ allowance: quota, paused, counted: serverManaged }),
}

export type SharedState = Store<Shared>

export function sharedState(keyHash: string): SharedState {
  const initial: Shared = { quota: fullQuota(), paused: false, serverManaged: false }
  return persisted(`loupe:asking:${keyHash}`, initial, format)
}

/** When the network or Loupe's server is back, the next request, which probes it, does not wait. */
export function hurryWhenBack(shared: SharedState): () => void {
  const hurry = () =>
    shared.change((all) => {
      const { quota } = all
      return { ...all, quota: { ...quota, outage: hurried(quota.outage, now()) } }
    })
  const stops = [
    serverBack.listen(hurry),
    onNetwork(() => {
      if (!saysOffline()) hurry()
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/** Logs the request before it is sent, so that a crash cannot lose it. */
export function acquireOne(
  shared: SharedState,
  at: number,
  force: boolean,
  isNew: boolean,
): boolean {
  const { serverManaged, quota } = shared.get()
  // The server has the task cached, or knows that the API is down and sends no request.
  if (serverManaged && (quota.outage === null || isNew)) return true
  let wait = 0
  shared.change((all) => {
    const [quota, ms] = (serverManaged ? acquireServerManaged : acquire)(all.quota, at, force)
    wait = ms
    return { ...all, quota }
  })
  return wait === 0
}
