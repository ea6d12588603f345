import { useEffect, useSyncExternalStore } from 'react'
import { useNavigate } from 'react-router'
import { deferred } from '../components/deferred.tsx'
import { paths } from '../lib/paths.ts'
import { areShortcutsOn, subscribeToShortcuts } from './shortcut-choice.ts'

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')

const ShortcutsDialog = deferred(
  async () => (await import('./shortcuts-dialog.tsx')).ShortcutsDialog,
)

interface ShortcutsProps {
  readonly open: boolean
  readonly onOpen: () => void
  readonly onClose: () => void
  readonly onTheme: () => void
}

/** Single keys: never while something is typed or asked, never with a modifier, and they can be turned off. */
export function Shortcuts({ open, onOpen, onClose, onTheme }: ShortcutsProps) {
  const on = useSyncExternalStore(subscribeToShortcuts, areShortcutsOn)
  const navigate = useNavigate()

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!on || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
      if (document.querySelector('dialog[open]') !== null) return
      if (event.key === '?') onOpen()
      else if (event.key === 'h') navigate(paths.home, { state: { focus: 'field' } })
      else if (event.key === 't') onTheme()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [navigate, onOpen, onTheme, on])

  return open ? <ShortcutsDialog onClose={onClose} /> : null
}
