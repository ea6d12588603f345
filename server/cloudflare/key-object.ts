import * as v from 'valibot'
import { quotaSchema } from '../../core/quota/quota-schema.ts'
import { createApp } from '../app.ts'
import type { KeyState } from '../proxy/key-store.ts'
import { createRequestStore, START_MIGRATIONS } from '../proxy/request-store.ts'
import { createTaskStore, TASK_MIGRATIONS } from '../proxy/task-store.ts'
import { createShareStore, SHARE_MIGRATIONS } from '../sharing/share-store.ts'
import type { Env, ObjectState } from './cloudflare-types.ts'
import { openObjectDatabase } from './object-database.ts'
import { appOptions, readSettings, type Settings } from './settings.ts'

/** Its name in the storage of deployments. */
const QUOTA = 'allowance'
const ACCEPTED = 'accepted'

/**
 * The Durable Object of one key: the gateway that a Node server runs for all keys. All clients of the
 * key, wherever they are, reach this object, so it coordinates them in memory. It can be evicted
 * whenever it is idle; what must survive that is in its storage.
 */
export class KeyObject {
  private app: ReturnType<typeof createApp> | null = null

  constructor(state: ObjectState, env: Env) {
    state.blockConcurrencyWhile(async () => {
      const settings = await readSettings(env)
      if (!settings.ok) throw new Error(settings.error.join(' '))
      this.app = await openApp(state, settings.value)
    })
  }

  async fetch(request: Request): Promise<Response> {
    if (this.app === null) throw new Error('The object received a request before it was open.')
    return this.app.fetch(request)
  }
}

async function openApp({ storage }: ObjectState, settings: Settings) {
  const { ciphers, keySecret } = settings
  const quota = v.safeParse(quotaSchema, await storage.get(QUOTA))
  const accepted = (await storage.get(ACCEPTED)) === true
  let kept: KeyState | null = quota.success ? { quota: quota.output, accepted } : null
  const shares = createShareStore(openObjectDatabase(storage, 'shares', SHARE_MIGRATIONS))
  const starts = createRequestStore(
    openObjectDatabase(storage, 'starts', START_MIGRATIONS),
    Date.now,
  )
  const tasks = openObjectDatabase(storage, 'tasks', TASK_MIGRATIONS)
  return createApp({
    ...appOptions(settings),
    // The Worker has already checked the host and counted the request.
    names: null,
    identified: true,
    sharing: ciphers === null ? undefined : { ciphers, store: shares },
    stores: {
      starts,
      secret: keySecret,
      tasks: createTaskStore(tasks, Date.now),
      keys: {
        get: () => kept,
        set(_, state) {
          kept = state
          void storage.put(QUOTA, state.quota)
          void storage.put(ACCEPTED, state.accepted)
        },
      },
    },
  })
}
