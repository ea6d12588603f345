import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { useShortcut } from '../../ui/shortcuts.ts'
import { hasFiles, type TaskActions } from './row-actions.tsx'
import type { Selection } from './use-selection.ts'

interface GridKeysOptions {
  readonly entries: readonly TrackedTask[]
  readonly selection: Selection
  readonly actions: TaskActions
  readonly scrollTo: (index: number) => void
}

const PAGE = 10

/**
 * Keys of the grid. Arrows (or j and k), Home, End and Page keys move, with Shift they select; Space or x
 * selects, Enter opens, d downloads, s shares, l labels, Ctrl+A selects all, Delete removes, Escape clears the selection.
 * Right and Left lead through the buttons of a row.
 */
export function useGridKeys({ entries, selection, actions, scrollTo }: GridKeysOptions) {
  const [activeId, setActiveId] = useState<TaskId | null>(null)
  /** Row to focus as soon as it is rendered. */
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

  // From anywhere on the page; in a row these keys move on.
  useShortcut('j', 'Next task', () => move(active, false))
  useShortcut('k', 'Previous task', () => move(active, false))

  const STEPS: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    j: active + 1,
    k: active - 1,
    PageDown: active + PAGE,
    PageUp: active - PAGE,
    Home: 0,
    End: entries.length - 1,
  }

  /** The selected tasks if there are any, else that of the row. */
  const meant = (entry: TrackedTask): readonly TrackedTask[] =>
    selection.some ? entries.filter(({ id }) => selection.ids.has(id)) : [entry]

  /** True if the key means something in a row. */
  const pressInRow = (entry: TrackedTask, { key, shiftKey, ...rest }: KeyboardEvent): boolean => {
    const modified = rest.ctrlKey || rest.metaKey
    if (modified || rest.altKey) {
      if (key !== 'a' || !modified) return false
      if (!selection.all) selection.toggleAll()
      return true
    }
    const to = STEPS[key]
    const ids = meant(entry).map(({ id }) => id)
    const savable = meant(entry).filter(hasFiles)
    if (to !== undefined) move(to, shiftKey)
    else if (key === ' ' || key === 'x') selection.toggle(entry, shiftKey)
    else if (key === 'Enter') actions.onOpen(entry.id)
    else if (key === 'd' && savable.length > 0) actions.onSave(savable.map(({ id }) => id))
    else if (key === 's') actions.onShare(ids)
    else if (key === 'l') actions.onLabel(ids)
    else if (key === 'Escape' && selection.some) selection.clear()
    else if (key === 'Delete') {
      const stays = ({ id }: TrackedTask) => !ids.includes(id)
      const next = entries.findIndex((one, index) => index >= active && stays(one))
      // The focus goes on if this row goes.
      move(next >= 0 ? next : entries.findLastIndex(stays), false)
      actions.onRemove(ids)
    } else return false
    return true
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { target } = event
    const entry = entries[active]
    if (!(target instanceof HTMLElement) || entry === undefined) return
    const isRow = target.dataset.index !== undefined
    if (moveAmongButtons(target, event.key) || (isRow && pressInRow(entry, event))) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  return {
    active,
    activate: (index: number) => setActiveId(entries[index]?.id ?? null),
    onKeyDown,
  }
}

const INTO: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowLeft: -1 }

/** From the row to its first button, on to the next, and back. */
function moveAmongButtons(from: HTMLElement, key: string): boolean {
  const step = INTO[key]
  const row = from.closest<HTMLElement>('[role=row][data-index]')
  if (step === undefined || row === null || from.matches('input')) return false
  const stops = [row, ...row.querySelectorAll<HTMLElement>('button')].filter(
    (stop) => stop === row || stop.offsetParent !== null,
  )
  stops[stops.indexOf(from) + step]?.focus()
  return true
}
