import { useMemo } from 'react'
import { isTerminal } from '../../core/api/task.ts'
import type { TaskRecord } from '../../core/record/task-record.ts'
import type { History } from '../../core/schedule/hazard.ts'
import { estimateProgress, remaining, stalledFor } from '../../core/schedule/progress.ts'
import { useReading } from '../lib/clock.ts'

const TICK = 1000

/** Forecast for a running task between two checks; all null once it has finished. */
export function useForecast({ task, startedAt, observations }: TaskRecord) {
  const history = useMemo<History | null>(
    () =>
      task === null || isTerminal(task) || observations.length === 0
        ? null
        : { startedAt, seen: observations },
    [task, startedAt, observations],
  )
  const estimate = useReading(readEstimate, history)
  // Calculated at the last response: a ticking forecast would look too precise.
  return useMemo(() => {
    const last = observations.at(-1)
    return {
      estimate,
      remaining: history === null || last === undefined ? null : remaining(history, last.at),
      stalledFor: history === null ? null : stalledFor(history),
    }
  }, [history, observations, estimate])
}

const readEstimate = (history: History | null, now: number) =>
  history === null
    ? { value: null, changesAt: null }
    : { value: estimateProgress(history, now), changesAt: now + TICK }
