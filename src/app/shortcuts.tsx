import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { now } from '../lib/clock.ts'
import { paths } from '../lib/paths.ts'
import { useStore } from '../lib/store.ts'
import { isDialogOpen, isTextField } from '../ui/busy.ts'
import { deferredDialog } from '../ui/deferred.tsx'
import { shortcuts, useShortcut } from '../ui/shortcuts.ts'
import { useDropRefused } from '../ui/use-file-drop.ts'
import { closeDialog, openDialog } from './open-dialog.ts'
import { shortcutsOn } from './shortcut-choice.ts'

const ShortcutsDialog = deferredDialog(
  async () => (await import('./shortcuts-dialog.tsx')).ShortcutsDialog,
)
const SearchDialog = deferredDialog(async () => (await import('./search-dialog.tsx')).SearchDialog)
const NamesDialog = deferredDialog(
  async () => (await import('../task-view/names-dialog.tsx')).NamesDialog,
)
const ReplaceKey = deferredDialog(
  async () => (await import('../pages/key/replace-key.tsx')).ReplaceKey,
)

interface ShortcutsProps {
  readonly keyed: boolean
  readonly onTheme: () => void
}

/** Keys that work on every page, the dialogs they open, and no drop that would leave the page. */
export function Shortcuts({ keyed, onTheme }: ShortcutsProps) {
  const dialog = useStore(openDialog)
  const navigate = useNavigate()
  const forKey = (label: string) => (keyed ? label : null)
  useShortcut('?', 'Show shortcuts', () => openDialog.set('shortcuts'))
  useShortcut('t', 'Switch theme', onTheme)
  useShortcut('n', forKey('New task'), () => navigate(paths.newTask))
  useShortcut('g t', forKey('Go to tasks'), () => navigate(paths.home))
  useShortcut('g c', forKey('Go to credits'), () => navigate(paths.credits))
  useShortcut('/', forKey('Search'), () => openDialog.set('search'))
  useKeys()
  useDropRefused()
  useSearchKey(keyed)
  if (dialog === 'shortcuts') return <ShortcutsDialog onClose={closeDialog} />
  if (dialog === 'names') return <NamesDialog onClose={closeDialog} />
  if (dialog === 'replace-key') return <ReplaceKey onClose={closeDialog} />
  return dialog === 'search' && keyed ? <SearchDialog onClose={closeDialog} /> : null
}

/** Time for the second key of two. */
const PAIR_MS = 1000

/** Optional single-key shortcuts: never while typing or in a dialog, never with a modifier. */
function useKeys(): void {
  const on = useStore(shortcutsOn)
  useEffect(() => {
    if (!on) return
    let first = { key: '', at: 0 }
    const press = (event: KeyboardEvent) => {
      // A key that is held down would use up the checks.
      if (event.repeat || event.defaultPrevented) return
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (isTextField(event.target) || isDialogOpen()) return
      const pair = now() - first.at < PAIR_MS ? `${first.key} ${event.key}` : ''
      const all = shortcuts.get()
      const found =
        all.findLast(({ keys }) => keys === pair) ?? all.findLast(({ keys }) => keys === event.key)
      first = { key: found === undefined ? event.key : '', at: now() }
      if (found === undefined) return
      event.preventDefault()
      found.run()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [on])
}

/** ⌘K or Ctrl+K, also while typing. */
function useSearchKey(keyed: boolean): void {
  useEffect(() => {
    if (!keyed) return
    const press = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
      if (event.key !== 'k' || isDialogOpen()) return
      event.preventDefault()
      openDialog.set('search')
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [keyed])
}
