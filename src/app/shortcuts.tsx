import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { Dialog } from '../components/dialog.tsx'
import { paths } from '../lib/paths.ts'
import { cycleTheme } from './theme.ts'

const SHORTCUTS = [
  { key: '?', does: 'Show these shortcuts' },
  { key: 'h', does: 'Go to the task field' },
  { key: 't', does: 'Switch the theme' },
] as const

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')

interface ShortcutsProps {
  readonly open: boolean
  readonly onOpen: () => void
  readonly onClose: () => void
}

/** Single keys, never while something is typed and never together with a modifier. */
export function Shortcuts({ open, onOpen, onClose }: ShortcutsProps) {
  const navigate = useNavigate()

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
      if (event.key === '?') onOpen()
      else if (event.key === 'h') navigate(paths.home)
      else if (event.key === 't') cycleTheme()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [navigate, onOpen])

  return (
    <Dialog title="Keyboard shortcuts" open={open} onClose={onClose}>
      <dl className="grid gap-2">
        {SHORTCUTS.map(({ key, does }) => (
          <div key={key} className="flex items-center justify-between">
            <dt>{does}</dt>
            <dd>
              <kbd className="inline-block min-w-7 rounded-md border border-line bg-sunken px-2 py-0.5 text-center font-mono text-sm">
                {key}
              </kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
