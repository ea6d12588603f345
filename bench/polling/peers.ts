import { type Next, plan, type Situation, type WatchedTask } from '../../src/polling/policy.ts'
import type { Contestant } from './simulate.ts'

/** What a schedule does after a 429. */
type OnRefusal = 'ignores' | 'obeys' | 'quits'

/** A schedule that looks at one task only: ms to wait before question number `asked`. */
function schedule(
  name: string,
  wait: (asked: number, running: number) => number,
  onRefusal: OnRefusal = 'ignores',
): Contestant {
  const asked = new Map<string, { count: number; at: number | null }>()
  const next = ({ now, tasks, allowance }: Situation) => {
    const running = tasks.filter((task) => task.ended === null)
    const refused = allowance.refusal !== null
    const result = new Map<string, Next>()
    for (const task of running) {
      const before = asked.get(task.id)
      const fresh = before === undefined || task.askedAt === null
      const count = fresh ? 0 : before.count + (before.at === task.askedAt ? 0 : 1)
      asked.set(task.id, { count, at: task.askedAt })
      const from = task.askedAt ?? task.startedAt ?? now
      const at = Math.max(answeredAt(task) ?? from, from) + wait(count, running.length)
      const until = refused && onRefusal === 'obeys' ? (allowance.refusal?.until ?? now) : now
      if (task.inFlight) result.set(task.id, { kind: 'waiting', why: 'in-flight' })
      else if (refused && onRefusal === 'quits')
        result.set(task.id, { kind: 'never', why: 'no-allowance' })
      else result.set(task.id, { kind: 'ask', at: Math.max(now, at, until), why: 'due' })
    }
    return result
  }
  return { name, next, coordinated: false }
}

function answeredAt(task: WatchedTask): number | undefined {
  return task.seen[task.seen.length - 1]?.at
}

const LIST = [500, 500, 1000, 1000, 2000, 2000, 3000, 5000]

export const LOUPE: Contestant = { name: 'this policy', next: plan, coordinated: true }

/** What people do today. A fixed interval that ignores a 429 is React Query's refetchInterval. */
export const PEERS: readonly Contestant[] = [
  schedule('every 0.5 s', () => 500),
  schedule('every 1 s', () => 1000),
  schedule('every 2 s', () => 2000),
  schedule('every 2 s, obeys a 429', () => 2000, 'obeys'),
  schedule('every 5 s', () => 5000),
  schedule('0.5, 0.5, 1, 1, 2, 2, 3, 5, 10 ... s', (asked) => LIST[asked] ?? 10_000),
  schedule('exponential, 1 to 30 s', (asked) => Math.min(30_000, 1000 * 2 ** asked)),
  schedule('SDK: 0.5 s, gives up on a 429', () => 500, 'quits'),
  schedule('even share of the hour', (_, running) => 36_000 * running),
]

/** Asks every `seconds`, whatever happens; for checks against known answers. */
export function fixedInterval(seconds: number): Contestant {
  return schedule(`every ${seconds} s`, () => seconds * 1000)
}
