import { useEffect, useEffectEvent } from 'react'
import { createStore } from '../lib/store.ts'

export interface Shortcut {
  /** One key as `KeyboardEvent.key` names it, or two that are pressed in turn: "g t". */
  readonly keys: string
  /** Its effect, for the list of shortcuts. */
  readonly label: string
  readonly run: () => void
}

/** Shortcuts of the open page; the newest wins. */
export const shortcuts = createStore<readonly Shortcut[]>([])

/** Offers a shortcut while mounted, unless `label` is null. */
export function useShortcut(keys: string, label: string | null, run: () => void): void {
  const press = useEffectEvent(run)
  useEffect(() => {
    if (label === null) return
    const own = { keys, label, run: () => press() }
    shortcuts.change((all) => [...all, own])
    return () => shortcuts.change((all) => all.filter((one) => one !== own))
  }, [keys, label])
}
