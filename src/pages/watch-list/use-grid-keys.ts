import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { TaskId } from '../../upscayl/task-id.ts'
import type { Entry } from '../../watchlist/entry.ts'
import type { Selection } from './use-selection.ts'

interface GridKeysOptions {
  readonly entries: readonly Entry[]
  readonly selection: Selection
  readonly scrollTo: (index: number) => void
  readonly onOpen: (id: TaskId) => void
  readonly onRemove: (ids: readonly TaskId[]) => void
}

const PAGE = 10

/**
 * The keys of the grid: arrows, Home, End and Page keys move, with Shift they choose, Space chooses, Enter
 * opens, Ctrl+A chooses all, Delete removes, Escape lets go.
 */
export function useGridKeys({ entries, selection, scrollTo, onOpen, onRemove }: GridKeysOptions) {
  const [activeId, setActiveId] = useState<TaskId | null>(null)
  /** The row that is to have the focus as soon as it is drawn. */
  const wanted = useRef<number | null>(null)
  const found = entries.findIndex(({ id }) => id === activeId)
  const active = Math.max(0, found)

  useEffect(() => {
    const index = wanted.current
    if (index === null) return
    const row = document.querySelector<HTMLElement>(`[role=row][data-index="${index}"]`)
    if (row === null) return
    wanted.current = null
    row.focus({ preventScroll: true })
  })

  const move = (to: number, choosing: boolean) => {
    const index = Math.min(entries.length - 1, Math.max(0, to))
    const [here, there] = [entries[active], entries[index]]
    if (here === undefined || there === undefined) return
    if (choosing) {
      if (!selection.ids.has(here.id)) selection.toggle(here, false)
      selection.toggle(there, true)
    }
    wanted.current = index
    setActiveId(there.id)
    scrollTo(index)
  }

  const STEPS: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + PAGE,
    PageUp: active - PAGE,
    Home: 0,
    End: entries.length - 1,
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const inRow = event.target instanceof HTMLElement && event.target.dataset.index !== undefined
    const entry = entries[active]
    if (!inRow || entry === undefined) return
    const { key, shiftKey } = event
    const modified = event.ctrlKey || event.metaKey
    const to = STEPS[key]
    if (to !== undefined) move(to, shiftKey)
    else if (key === ' ') selection.toggle(entry, shiftKey)
    else if (key === 'Enter') onOpen(entry.id)
    else if (key === 'a' && modified) {
      if (!selection.all) selection.toggleAll()
    } else if (key === 'Escape' && selection.some) selection.clear()
    else if (key === 'Delete') onRemove(selection.some ? [...selection.ids] : [entry.id])
    else return
    event.preventDefault()
  }

  return {
    active,
    activate: (index: number) => setActiveId(entries[index]?.id ?? null),
    onKeyDown,
  }
}
