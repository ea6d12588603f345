import { now } from './clock.ts'

/** Pause as a multiple of the work's duration, so that most of the time is left to the page. */
const REST = 3
/** Longest pause in milliseconds: the device may sleep meanwhile, or its clock be changed. */
const MAX_REST = 200

/** Runs `work` once for many calls: after the running code, or later if the last run was slow. */
export function coalesced(work: () => void): () => void {
  let called = false
  let restUntil = 0
  const run = () => {
    called = false
    const startedAt = now()
    work()
    // After microtasks that follow immediately, such as rendering.
    queueMicrotask(() => {
      const ended = now()
      restUntil = ended + REST * (ended - startedAt)
    })
  }
  return () => {
    if (called) return
    called = true
    const rest = Math.min(MAX_REST, restUntil - now())
    if (rest > 0) setTimeout(run, rest)
    else queueMicrotask(run)
  }
}
