import { useCallback, useMemo, useRef, useState } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'

/** Selected entries among those shown; hidden entries are deselected. */
export function useSelection(shown: readonly TrackedTask[]) {
  const [chosen, setChosen] = useState<ReadonlySet<TaskId>>(new Set())
  const anchor = useRef<TaskId | null>(null)
  const latest = useRef(shown)
  latest.current = shown

  const ids: ReadonlySet<TaskId> = useMemo(
    () => new Set(shown.flatMap(({ id }) => (chosen.has(id) ? [id] : []))),
    [shown, chosen],
  )
  /** `range`: selects everything from the last selected entry to this one. */
  const toggle = useCallback((entry: TrackedTask, range: boolean) => {
    const from = latest.current.findIndex(({ id }) => id === anchor.current)
    const to = latest.current.findIndex(({ id }) => id === entry.id)
    const ranged = range && from >= 0
    if (!ranged) anchor.current = entry.id
    setChosen((was) => {
      const next = new Set(was)
      if (ranged) {
        for (const { id } of latest.current.slice(Math.min(from, to), Math.max(from, to) + 1))
          next.add(id)
      } else if (!next.delete(entry.id)) next.add(entry.id)
      return next
    })
  }, [])
  const all = ids.size > 0 && ids.size === shown.length
  return {
    ids,
    all,
    some: ids.size > 0,
    toggle,
    toggleAll: () => setChosen(all ? new Set() : new Set(shown.map(({ id }) => id))),
    clear: () => setChosen(new Set()),
  }
}

export type Selection = Readonly<ReturnType<typeof useSelection>>
