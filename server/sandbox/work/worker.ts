import { setTimeout as sleep } from 'node:timers/promises'
import type { Paths } from '../data-dir.ts'
import type { Tasks } from '../store/tasks.ts'
import type { Claim } from './claim.ts'
import { runTask, Stopped } from './run-task.ts'

/** Minimum time per strip at pace 1, so that a demo takes equally long on every machine. */
const STRIP_MS = 1500
/** Interval at which an idle worker checks the queue: another process may have added a task. */
const IDLE_MS = 500

export interface Worker {
  /** Finishes unpaced tasks now, without pauses. */
  readonly finishUnpaced: () => Promise<void>
  readonly start: () => void
  /** Announces a new task in the queue. */
  readonly wake: () => void
  /** Resolves once the current strip is done. */
  readonly stop: () => Promise<void>
}

export interface WorkerOptions {
  readonly tasks: Tasks
  readonly paths: Paths
  readonly claim: Claim
  readonly pace: number
  readonly now: () => number
}

/** Reports other errors, such as a full disk. The task stays, and is tried again. */
function warn(error: unknown): void {
  if (error instanceof Stopped) return
  process.emitWarning(error instanceof Error ? error : String(error))
}

/** One worker, one task at a time, first come, first served. */
export function createWorker({ tasks, paths, claim, pace, now }: WorkerOptions): Worker {
  const stopping = new AbortController()
  let waking = new AbortController()
  let loop: Promise<void> = Promise.resolve()
  let unpaced: Promise<void> = Promise.resolve()

  const stopOrLeave = () => {
    if (stopping.signal.aborted || !claim.held()) throw new Stopped()
  }

  /** Waits for the rest of the strip's minimum time. */
  const pause = async (began: number) => {
    const rest = STRIP_MS * pace - (performance.now() - began)
    if (rest > 0) await sleep(rest, undefined, { signal: stopping.signal }).catch(() => {})
    stopOrLeave()
  }

  const idle = async () => {
    await sleep(IDLE_MS, undefined, { signal: waking.signal, ref: false }).catch(() => {})
    if (waking.signal.aborted) waking = new AbortController()
  }

  const workOn = async () => {
    while (!stopping.signal.aborted) {
      try {
        const task = claim.held() ? tasks.nextInQueue() : undefined
        if (task === undefined) await idle()
        else await runTask({ tasks, paths, pause }, task, now)
      } catch (error) {
        warn(error)
        if (!(error instanceof Stopped)) await idle()
      }
    }
  }

  const runUnpaced = async () => {
    const leave = async () => {
      if (stopping.signal.aborted) throw new Stopped()
    }
    for (const task of tasks.unfinishedUnpaced()) {
      await leave()
      await runTask({ tasks, paths, pause: leave }, task, now)
    }
  }

  return {
    finishUnpaced() {
      // Sequential: two callers must not work on one task.
      unpaced = unpaced.then(runUnpaced).catch(warn)
      return unpaced
    },
    start() {
      loop = workOn()
    },
    wake: () => waking.abort(),
    async stop() {
      stopping.abort()
      waking.abort()
      await Promise.all([loop, unpaced])
      claim.release()
    },
  }
}
