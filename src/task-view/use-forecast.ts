import { useMemo } from 'react'
import { isTerminal } from '../../core/api/task.ts'
import type { TaskRecord } from '../../core/record/task-record.ts'
import type { History } from '../../core/schedule/hazard.ts'
import { estimateProgress, remaining, stalledFor } from '../../core/schedule/progress.ts'
import { useReading } from '../lib/clock.ts'

const TICK = 1000

/** Forecast for a running task between two checks; all null once it has finished. */
export function useForecast(record: TaskRecord) {
  const history = useMemo(() => historyOf(record), [record])
  const estimate = useReading(readEstimate, history)
  return useMemo(
    () => ({
      estimate,
      remaining: timeLeftOf(record),
      stalledFor: history === null ? null : stalledFor(history),
    }),
    [record, history, estimate],
  )
}

const historyOf = ({ task, startedAt, observations }: TaskRecord): History | null =>
  task === null || isTerminal(task) || observations.length === 0
    ? null
    : { startedAt, seen: observations }

type TimeLeft = ReturnType<typeof remaining>

/** The row of a task and the title of the list's tab show the same, which is costly to calculate. */
const known = new WeakMap<TaskRecord, { readonly left: TimeLeft }>()

/** Seconds left as of the last response: a ticking forecast would look too precise. Null if unknown. */
export function timeLeftOf(record: TaskRecord): TimeLeft {
  const found = known.get(record)
  if (found !== undefined) return found.left
  const history = historyOf(record)
  const last = record.observations.at(-1)
  const left = history === null || last === undefined ? null : remaining(history, last.at)
  known.set(record, { left })
  return left
}

const readEstimate = (history: History | null, now: number) =>
  history === null
    ? { value: null, changesAt: null }
    : { value: estimateProgress(history, now), changesAt: now + TICK }
