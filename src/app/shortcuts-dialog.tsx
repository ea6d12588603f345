import { searchKeys } from '../lib/browser/platform.ts'
import { useStore } from '../lib/store.ts'
import { Checkbox } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { shortcuts } from '../ui/shortcuts.ts'
import { shortcutsOn } from './shortcut-choice.ts'

/** Keys for a focused task of the list. Always on, since speech input does not trigger them. */
const IN_THE_LIST = [
  { keys: '↑ ↓', label: 'Move' },
  { keys: '→ ←', label: 'Buttons of the task' },
  { keys: 'x', label: 'Select (Shift ↑ ↓ to extend)' },
  { keys: 'Ctrl A', label: 'Select all' },
  { keys: 'Enter', label: 'Open' },
  { keys: 'd', label: 'Download' },
  { keys: 's', label: 'Share' },
  { keys: 'l', label: 'Labels and note' },
  { keys: 'Delete', label: 'Remove (you can undo)' },
] as const

/** The keys of the open page, and of every page. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const on = useStore(shortcutsOn)
  // A page's own come last, and stand first.
  const own = useStore(shortcuts).toReversed()
  const search = own.some(({ keys }) => keys === '/')
    ? [{ keys: searchKeys(), label: 'Search' }]
    : []
  return (
    <Dialog title="Keyboard shortcuts" open onClose={onClose}>
      <Keys keys={[...search, ...own]} />
      <h3 className="mt-4 mb-2 border-t border-line pt-3 text-sm font-medium text-muted">
        In the task list
      </h3>
      <Keys keys={IN_THE_LIST} />
      <div className="mt-4 border-t border-line pt-3 text-sm">
        <Checkbox label="Enable single-key shortcuts" checked={on} onChange={shortcutsOn.set} />
      </div>
    </Dialog>
  )
}

interface KeysProps {
  readonly keys: readonly { readonly keys: string; readonly label: string }[]
}

const Keys = ({ keys: all }: KeysProps) => (
  <dl className="grid gap-2 text-sm">
    {all.map(({ keys, label }) => (
      <div key={keys} className="flex items-center justify-between gap-3">
        <dt>{label}</dt>
        <dd className="flex gap-1">
          {keys.split(' ').map((key) => (
            <kbd
              key={key}
              className="inline-block min-w-7 rounded-md border border-line bg-sunken px-2 py-0.5 text-center whitespace-nowrap"
            >
              {key}
            </kbd>
          ))}
        </dd>
      </div>
    ))}
  </dl>
)
