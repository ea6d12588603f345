import { acquire, capacity, type Quota } from '../../core/quota/quota.ts'
import type { Store } from '../lib/store.ts'

/** Counts a start before it is sent, so that a crash cannot lose the count. False if the quota is used up at `time`. */
export function takeSlot(quota: Store<Quota>, time: number): boolean {
  // Writes only when a slot is taken, since each write wakes the other tabs.
  if (capacity(quota.get(), time).after([]) > time) return false
  let wait = 0
  quota.change((before) => {
    const [after, ms] = acquire(before, time)
    wait = ms
    return after
  })
  return wait === 0
}

/** When the next `count` starts can be sent, epoch milliseconds; null for now. */
export function startTimes(quota: Quota, time: number, count: number): readonly (number | null)[] {
  const { after } = capacity(quota, time)
  const ahead: number[] = []
  for (let n = 0; n < count; n++) ahead.push(after(ahead))
  return ahead.map((at) => (at > time ? at : null))
}
