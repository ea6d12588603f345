import { keepOriginal } from '../../files/originals.ts'
import type { SharedValue } from '../../lib/shared-value.ts'
import type { Asker } from '../../polling/asker.ts'
import type { Allowance } from '../../polling/budget.ts'
import { type ApiKey, hashKey } from '../../session/api-key.ts'
import { currentKey, subscribeToKey } from '../../session/session.ts'
import { startAllowance } from '../../starting/start-allowance.ts'
import { createStarter, type Starter } from '../../starting/starter.ts'
import { startTask } from '../../upscayl/start-task.ts'

export interface Starting {
  readonly starter: Starter
  /** How many tasks the key may still start. */
  readonly allowance: SharedValue<Allowance>
}

/** One for each key: uploads go on whatever page is open, and are there when the page is opened again. */
const all = new WeakMap<Asker, Starting>()

export function startingOf(asker: Asker, key: ApiKey): Starting {
  const known = all.get(asker)
  if (known !== undefined) return known
  const allowance = startAllowance(hashKey(key))
  const starter = createStarter({
    start: (source, settings, options) => startTask(key, source, settings, options),
    allowance,
    onStarted: ({ source }, { taskId, credits }, startedAt) => {
      if (source.kind === 'file') keepOriginal(taskId, source.file)
      asker.started(taskId, { startedAt, announced: credits })
    },
  })
  all.set(asker, { starter, allowance })
  // The browser asks before it leaves the page with uploads under way.
  const hold = (event: BeforeUnloadEvent) => {
    if (starter.isBusy()) event.preventDefault()
  }
  addEventListener('beforeunload', hold)
  const stop = subscribeToKey(() => {
    if (currentKey() === key) return
    stop()
    removeEventListener('beforeunload', hold)
    starter.close()
  })
  return { starter, allowance }
}
