import { fullQuota } from '../../core/quota/quota.ts'
import { type Observation, plan, type WatchedTask } from '../../core/schedule/schedule.ts'
import { seeded } from './random.ts'
import { job } from './world.ts'

/**
 * Milliseconds of one plan() for `count` running tasks with ten responses each. Other load on the
 * machine only adds to a round, so the fastest shows the cost of the plan itself.
 */
export function planMilliseconds(count: number, rounds = 60): { median: number; fastest: number } {
  const random = seeded(1)
  const now = 1_800_000_000_000
  const tasks = Array.from({ length: count }, (_, index): WatchedTask => {
    const startedAt = now - random.between(20_000, 1_800_000)
    const one = job(random, String(index), startedAt)
    const part = Math.min(0.95, (now - startedAt) / (one.end - startedAt))
    const seen = Array.from({ length: 10 }, (_, n): Observation => {
      const at = startedAt + ((one.end - startedAt) * part * (n + 1)) / 10
      return { at, ...one.status(at) }
    })
    const requestedAt = seen[9]?.at ?? null
    return { id: one.id, startedAt, seen, inFlight: false, requestedAt, failure: null, ended: null }
  })
  const sent = Array.from({ length: 60 }, (_, index) => now - 3_000_000 + index * 40_000)
  const quota = { ...fullQuota(), sent }
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const from = performance.now()
    plan({ now, visible: true, tasks, quota })
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  return { median: times[Math.floor(rounds / 2)] ?? 0, fastest: times[0] ?? 0 }
}
