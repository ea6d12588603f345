import * as v from 'valibot'
import { allowanceSchema } from '../../src/polling/allowance-schema.ts'
import { createApp } from '../app.ts'
import type { KeyState } from '../gateway/key-store.ts'
import { createStartStore, START_MIGRATIONS } from '../gateway/start-store.ts'
import { createTaskStore, TASK_MIGRATIONS } from '../gateway/task-store.ts'
import { createShareStore, SHARE_MIGRATIONS } from '../share/share-store.ts'
import { appOptions } from './app-options.ts'
import { openObjectDatabase } from './object-database.ts'
import type { Env, ObjectState } from './runtime.ts'
import { readSettings, type Settings } from './settings.ts'

const ALLOWANCE = 'allowance'
const ACCEPTED = 'accepted'

/**
 * The Durable Object of one key: the gateway that a Node server runs for all keys. All who ask with
 * the key, wherever they are, reach this one, so it coordinates them in its memory. The object may be
 * put away whenever nothing is under way; what must outlive that lies in its storage.
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
    if (this.app === null) throw new Error('The object was asked before it was open.')
    return this.app.fetch(request)
  }
}

async function openApp({ storage }: ObjectState, settings: Settings) {
  const { sealers, keySecret } = settings
  const allowance = v.safeParse(allowanceSchema, await storage.get(ALLOWANCE))
  const accepted = (await storage.get(ACCEPTED)) === true
  let kept: KeyState | null = allowance.success ? { allowance: allowance.output, accepted } : null
  const shares = createShareStore(openObjectDatabase(storage, 'shares', SHARE_MIGRATIONS))
  const starts = createStartStore(openObjectDatabase(storage, 'starts', START_MIGRATIONS), Date.now)
  const tasks = openObjectDatabase(storage, 'tasks', TASK_MIGRATIONS)
  return createApp({
    ...appOptions(settings),
    // The Worker has looked, and counted.
    names: null,
    identified: true,
    ...(sealers === null ? {} : { sharing: { sealers, store: shares } }),
    keeping: {
      starts,
      secret: keySecret,
      tasks: createTaskStore(tasks, Date.now),
      keys: {
        find: () => kept,
        keep(_, state) {
          kept = state
          void storage.put(ALLOWANCE, state.allowance)
          void storage.put(ACCEPTED, state.accepted)
        },
      },
    },
  })
}
