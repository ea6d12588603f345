import { useSyncExternalStore } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { areShortcutsOn, setShortcutsOn, subscribeToShortcuts } from './shortcut-choice.ts'

const SHORTCUTS = [
  { key: '?', does: 'Show these shortcuts' },
  { key: 'h', does: 'Go to the task field' },
  { key: 't', does: 'Switch the theme' },
] as const

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const on = useSyncExternalStore(subscribeToShortcuts, areShortcutsOn)
  return (
    <Dialog title="Keyboard shortcuts" open onClose={onClose}>
      <dl className="grid gap-2">
        {SHORTCUTS.map(({ key, does }) => (
          <div key={key} className="flex items-center justify-between">
            <dt>{does}</dt>
            <dd>
              <kbd className="inline-block min-w-7 rounded-md border border-line bg-sunken px-2 py-0.5 text-center text-sm">
                {key}
              </kbd>
            </dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex min-h-9 items-center gap-2 border-t border-line pt-3 text-sm">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => setShortcutsOn(event.target.checked)}
          className="size-4 accent-[var(--accent)]"
        />
        Single keys are on
      </label>
    </Dialog>
  )
}
