import { Trash2 } from 'lucide-react'
import { type SyntheticEvent, useLayoutEffect, useRef, useState } from 'react'
import {
  cleanViews,
  describeQuery,
  MAX_VIEW_NAME_LENGTH,
  MAX_VIEWS,
  type SavedView,
} from '../../tasks/saved-views.ts'
import { IconButton } from '../../ui/button.tsx'
import { Dialog, SaveOrCancel } from '../../ui/dialog.tsx'

interface ViewsDialogProps {
  readonly views: readonly SavedView[]
  /** Parameters of a view to be saved; null to change those that are. */
  readonly added: string | null
  /** With what is to be done to the saved views, which another tab may have changed meanwhile. */
  readonly onSave: (step: (views: readonly SavedView[]) => readonly SavedView[]) => void
  readonly onClose: () => void
}

/** Names of the saved views. A new one is named after what it shows. */
export function ViewsDialog({ views, added, onSave, onClose }: ViewsDialogProps) {
  const [drafts, setDrafts] = useState<readonly SavedView[]>(() =>
    added === null ? views : [{ name: describeQuery(added), query: added }],
  )
  const [before] = useState(views)
  const isFull = added !== null && views.length >= MAX_VIEWS
  const fields = useRef<HTMLFieldSetElement>(null)
  useLayoutEffect(() => fields.current?.querySelector('input')?.select(), [])
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (isFull) return
    const edit = (view: SavedView): readonly SavedView[] => {
      const isShown = before.some(({ query }) => query === view.query)
      return isShown ? drafts.filter(({ query }) => query === view.query) : [view]
    }
    onSave((all) => cleanViews(added === null ? all.flatMap(edit) : [...all, ...drafts]))
    onClose()
  }
  return (
    <Dialog title={added === null ? 'Saved views' : 'Save view'} open onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <fieldset ref={fields} className="grid gap-4">
          <legend className="sr-only">Views</legend>
          {drafts.map((draft, index) => (
            <Row
              key={draft.query}
              draft={draft}
              onName={(name) => setDrafts(drafts.with(index, { ...draft, name }))}
              onRemove={
                added === null ? () => setDrafts(drafts.filter((one) => one !== draft)) : null
              }
            />
          ))}
        </fieldset>
        {drafts.length > 0 ? null : <p className="text-muted">No saved views.</p>}
        {isFull ? (
          <p role="alert" className="mt-3 text-sm text-bad">
            {MAX_VIEWS} views are saved, the most there can be. Remove one first.
          </p>
        ) : null}
        <SaveOrCancel onCancel={onClose} />
      </form>
    </Dialog>
  )
}

interface RowProps {
  readonly draft: SavedView
  readonly onName: (name: string) => void
  /** Null where it is not saved yet. */
  readonly onRemove: (() => void) | null
}

function Row({ draft, onName, onRemove }: RowProps) {
  const shows = describeQuery(draft.query)
  return (
    <div>
      <div className="flex items-center gap-1">
        <input
          value={draft.name}
          maxLength={MAX_VIEW_NAME_LENGTH}
          autoComplete="off"
          aria-label={onRemove === null ? 'Name' : `Name of ${shows}`}
          onChange={(event) => onName(event.target.value)}
          className="min-h-11 min-w-0 flex-1 rounded-lg border border-line-strong bg-surface px-3"
        />
        {onRemove === null ? null : (
          <IconButton icon={Trash2} label={`Remove ${draft.name}`} onClick={onRemove} />
        )}
      </div>
      <p className="mt-1 truncate text-sm text-muted" title={shows}>
        {shows}
      </p>
    </div>
  )
}
