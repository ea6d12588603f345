import {
  type PlannedCheck,
  plan,
  type Situation,
  type WatchedTask,
} from '../../core/schedule/schedule.ts'
import type { Contestant } from './simulate.ts'

/** Behaviour of a schedule after a 429. */
type OnRefusal = 'ignores' | 'obeys' | 'quits'

/** A schedule that considers one task only: `wait` returns the ms before request number `sent`. */
function schedule(
  name: string,
  wait: (sent: number, running: number) => number,
  onRefusal: OnRefusal = 'ignores',
): Contestant {
  const requests = new Map<string, { count: number; at: number | null }>()
  const next = ({ now, tasks, quota }: Situation) => {
    const running = tasks.filter((task) => task.ended === null)
    const rateLimited = quota.refusal !== null
    const result = new Map<string, PlannedCheck>()
    for (const task of running) {
      const before = requests.get(task.id)
      const first = before === undefined || task.requestedAt === null
      const count = first ? 0 : before.count + (before.at === task.requestedAt ? 0 : 1)
      requests.set(task.id, { count, at: task.requestedAt })
      const from = task.requestedAt ?? task.startedAt ?? now
      const at = Math.max(lastResponseAt(task) ?? from, from) + wait(count, running.length)
      const until = rateLimited && onRefusal === 'obeys' ? (quota.refusal?.until ?? now) : now
      if (task.inFlight) result.set(task.id, { kind: 'waiting', why: 'in-flight' })
      else if (rateLimited && onRefusal === 'quits')
        result.set(task.id, { kind: 'never', why: 'no-allowance' })
      else result.set(task.id, { kind: 'ask', at: Math.max(now, at, until), why: 'due' })
    }
    return result
  }
  return { name, next, coordinated: false }
}

function lastResponseAt(task: WatchedTask): number | undefined {
  return task.seen[task.seen.length - 1]?.at
}

const LIST = [500, 500, 1000, 1000, 2000, 2000, 3000, 5000]

export const LOUPE: Contestant = { name: 'this policy', next: plan, coordinated: true }

/** Common schedules. A fixed interval that ignores a 429 is React Query's refetchInterval. */
export const PEERS: readonly Contestant[] = [
  schedule('every 0.5 s', () => 500),
  schedule('every 1 s', () => 1000),
  schedule('every 2 s', () => 2000),
  schedule('every 2 s, obeys a 429', () => 2000, 'obeys'),
  schedule('every 5 s', () => 5000),
  schedule('0.5, 0.5, 1, 1, 2, 2, 3, 5, 10 ... s', (sent) => LIST[sent] ?? 10_000),
  schedule('exponential, 1 to 30 s', (sent) => Math.min(30_000, 1000 * 2 ** sent)),
  schedule('SDK: 0.5 s, gives up on a 429', () => 500, 'quits'),
  schedule('even share of the hour', (_, running) => 36_000 * running),
]

/** One request every `seconds`, whatever happens; for checks against known results. */
export function fixedInterval(seconds: number): Contestant {
  return schedule(`every ${seconds} s`, () => seconds * 1000)
}
