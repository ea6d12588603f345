import { useCallback, useMemo, useRef, useState } from 'react'
import type { TaskId } from '../../upscayl/task-id.ts'
import type { Entry } from '../../watchlist/entry.ts'

export interface Selection {
  /** Those among the entries that are shown. */
  readonly ids: ReadonlySet<TaskId>
  readonly all: boolean
  readonly some: boolean
  /** `range`: all from the last one that was chosen to this one. */
  readonly toggle: (entry: Entry, range: boolean) => void
  readonly toggleAll: () => void
  readonly clear: () => void
}

/** What is chosen of the entries that are shown; what is no longer shown is chosen no longer. */
export function useSelection(shown: readonly Entry[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<TaskId>>(new Set())
  const anchor = useRef<TaskId | null>(null)
  const latest = useRef(shown)
  latest.current = shown

  const ids = useMemo(
    () => new Set(shown.flatMap(({ id }) => (chosen.has(id) ? [id] : []))),
    [shown, chosen],
  )
  const toggle = useCallback((entry: Entry, range: boolean) => {
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
