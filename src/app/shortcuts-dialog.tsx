import { useSyncExternalStore } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { areShortcutsOn, setShortcutsOn, subscribeToShortcuts } from './shortcut-choice.ts'

const SHORTCUTS = [
  { key: '?', does: 'Show these shortcuts' },
  { key: 'h', does: 'Go to the task field' },
  { key: 't', does: 'Switch the theme' },
] as const

/** Of the list, where a task has the focus; they stay when single keys are off, as no speech triggers them. */
const IN_THE_LIST = [
  { key: '↑ ↓', does: 'Move' },
  { key: 'Space', does: 'Choose; with Shift ↑ ↓ several' },
  { key: 'Ctrl A', does: 'Choose all' },
  { key: 'Enter', does: 'Open' },
  { key: 'Delete', does: 'Remove, which can be undone' },
] as const

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const on = useSyncExternalStore(subscribeToShortcuts, areShortcutsOn)
  return (
    <Dialog title="Keyboard shortcuts" open onClose={onClose}>
      <Keys keys={SHORTCUTS} />
      <h3 className="mt-4 mb-2 border-t border-line pt-3 text-sm font-medium text-muted">
        In the list of tasks
      </h3>
      <Keys keys={IN_THE_LIST} />
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

interface KeysProps {
  readonly keys: readonly { readonly key: string; readonly does: string }[]
}

const Keys = ({ keys }: KeysProps) => (
  <dl className="grid gap-2">
    {keys.map(({ key, does }) => (
      <div key={key} className="flex items-center justify-between gap-3">
        <dt>{does}</dt>
        <dd>
          <kbd className="inline-block min-w-7 rounded-md border border-line bg-sunken px-2 py-0.5 text-center text-sm whitespace-nowrap">
            {key}
          </kbd>
        </dd>
      </div>
    ))}
  </dl>
)
