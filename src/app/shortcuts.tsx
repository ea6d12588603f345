import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import { IconButton } from '../components/button.tsx'
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
  const dialog = useRef<HTMLDialogElement>(null)
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

  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])

  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-labelledby="shortcuts-title"
      className="w-full max-w-sm rounded-xl border border-line bg-surface p-5 text-ink backdrop:bg-black/50"
    >
      <div className="flex items-center justify-between">
        <h2 id="shortcuts-title" className="text-lg font-medium">
          Keyboard shortcuts
        </h2>
        <IconButton label="Close" onClick={onClose}>
          <X aria-hidden size={17} />
        </IconButton>
      </div>
      <dl className="mt-3 grid gap-2">
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
    </dialog>
  )
}
