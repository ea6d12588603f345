import { useCallback, useMemo } from 'react'
import { useReading } from '../../lib/clock.ts'
import type { History } from '../../polling/belief.ts'
import { estimateProgress, remaining, stalledFor } from '../../polling/progress.ts'
import type { TaskRecord } from '../../polling/task-record.ts'
import { isTerminal } from '../../upscayl/task.ts'

const TICK = 1000

/** What may be true of a running task between two answers; all null once it has ended. */
export function useForecast({ task, startedAt, observations }: TaskRecord) {
  const history = useMemo<History | null>(
    () =>
      task === null || isTerminal(task) || observations.length === 0
        ? null
        : { startedAt, seen: observations },
    [task, startedAt, observations],
  )
  const estimate = useReading(
    useCallback(
      (now: number) =>
        history === null
          ? { value: null, changesAt: null }
          : { value: estimateProgress(history, now), changesAt: now + TICK },
      [history],
    ),
  )
  // As of the last answer: a forecast that ticks would promise more than it knows.
  return useMemo(() => {
    const last = observations.at(-1)
    return {
      estimate,
      remaining: history === null || last === undefined ? null : remaining(history, last.at),
      stalledFor: history === null ? null : stalledFor(history),
    }
  }, [history, observations, estimate])
}
