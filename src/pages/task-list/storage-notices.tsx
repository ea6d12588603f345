import { FileDown, RotateCw, Trash2, X } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { formatNumber, plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Problem with the stored list. */
export type Trouble =
  /** The browser blocks storage for this site. */
  | { readonly kind: 'denied' }
  /** Storage has not responded yet, but still may. */
  | { readonly kind: 'silent' }
  /** Storage is full: this number of changes is only in this tab. */
  | { readonly kind: 'full'; readonly changes: number }
  /** Number of stored tasks that are invalid; they are kept as they are. */
  | { readonly kind: 'unreadable'; readonly count: number }
  /** Number of tasks written by a newer Loupe; they are kept as they are. */
  | { readonly kind: 'newer'; readonly count: number }
  /** A newer Loupe in another tab has changed the storage format. */
  | { readonly kind: 'outdated' }
  /** Number of finished tasks removed to make room for others. */
  | { readonly kind: 'left'; readonly count: number; readonly most: number }

interface TroubleActions {
  readonly onExport: () => void
  /** Retries saving what is only in this tab. */
  readonly onRetry: () => void
  /** Saves the unreadable entries to a file, unchanged. */
  readonly onSaveUnreadable: () => void
  /** Removes the unreadable entries for good. */
  readonly onRemoveUnreadable: () => void
  readonly onReload: () => void
  readonly onDismiss: (trouble: Trouble) => void
}

interface StorageNoticesProps extends TroubleActions {
  readonly troubles: readonly Trouble[]
}

/** One notice per problem: what it means, and what to do. Screen readers announce new titles. */
export function StorageNotices({ troubles, ...actions }: StorageNoticesProps) {
  const notices = troubles.map((trouble) => ({
    kind: trouble.kind,
    ...noticeOf(trouble, actions),
  }))
  return (
    <div className={notices.length === 0 ? '' : 'grid gap-3'}>
      <p role="status" className="sr-only">
        {notices.map(({ title }) => title).join('. ')}
      </p>
      {notices.map(({ kind, means, ...notice }) => (
        <Notice key={kind} {...notice}>
          <p>{means}</p>
        </Notice>
      ))}
    </div>
  )
}

interface StorageNotice extends Pick<ComponentProps<typeof Notice>, 'tone' | 'title' | 'action'> {
  readonly means: string
}

function noticeOf(trouble: Trouble, actions: TroubleActions): StorageNotice {
  const exporting = (
    <Button onClick={actions.onExport} icon={FileDown}>
      Export list
    </Button>
  )
  const reload = (
    <Button onClick={actions.onReload} icon={RotateCw}>
      Reload
    </Button>
  )
  switch (trouble.kind) {
    case 'denied':
      return {
        tone: 'warn',
        title: 'Your list can’t be saved in this browser',
        means:
          'Site storage is blocked, so the list is lost when you close the tab. Export it first, or allow storage for this site and reload.',
        action: exporting,
      }
    case 'silent':
      return {
        tone: 'warn',
        title: 'Browser storage isn’t responding',
        means:
          'Saved tasks may be missing here, and changes are kept in this tab only. Reload, or export the list before you close the tab.',
        action: (
          <>
            {exporting}
            {reload}
          </>
        ),
      }
    case 'full':
      return {
        tone: 'bad',
        title: `Browser storage is full: ${plural(trouble.changes, 'change')} ${trouble.changes === 1 ? 'isn’t' : 'aren’t'} saved`,
        means:
          'What was saved before is safe. Newer changes are lost when you close the tab. Export the list, free some space, then retry.',
        action: (
          <>
            {exporting}
            <Button onClick={actions.onRetry} icon={RotateCw}>
              Retry
            </Button>
          </>
        ),
      }
    case 'unreadable':
      return {
        tone: 'warn',
        title: `${plural(trouble.count, 'saved task')} can’t be read`,
        means: `Stored unchanged in this browser. Nothing changed at Upscayl, and any task can be added again by ID. Save a copy before you remove ${it(trouble.count)}.`,
        action: (
          <>
            <Button onClick={actions.onSaveUnreadable} icon={FileDown}>
              Save {it(trouble.count)} as a file
            </Button>
            <Remove count={trouble.count} onRemove={actions.onRemoveUnreadable} />
          </>
        ),
      }
    case 'newer':
      return {
        tone: 'info',
        title: `${plural(trouble.count, 'task')} ${trouble.count === 1 ? 'was' : 'were'} saved by a newer version of Loupe`,
        means: `This tab can’t read ${it(trouble.count)}. Reload to get the newer version.`,
        action: reload,
      }
    case 'outdated':
      return {
        tone: 'warn',
        title: 'A newer version of Loupe is open in another tab',
        means:
          'It changed how the list is stored, so this tab can’t save any more. Reload to continue.',
        action: reload,
      }
    case 'left':
      return {
        tone: 'info',
        title: `${plural(trouble.count, 'finished task')} ${trouble.count === 1 ? 'was' : 'were'} removed from the list`,
        means: `A list holds ${formatNumber(trouble.most)} tasks, and the oldest finished tasks are removed first. Nothing changed at Upscayl, and any task can be added again by ID. Export the list to keep all of it.`,
        action: (
          <>
            {exporting}
            <Button look="quiet" onClick={() => actions.onDismiss(trouble)} icon={X}>
              Dismiss
            </Button>
          </>
        ),
      }
  }
}

const it = (count: number) => (count === 1 ? 'it' : 'them')

/** Removal is final: it needs a second click, in another place than the first. */
function Remove({ count, onRemove }: { readonly count: number; readonly onRemove: () => void }) {
  const [sure, setSure] = useState(false)
  // One element for both steps, so that it keeps the focus.
  return (
    <>
      <Button
        look={sure ? 'secondary' : 'quiet'}
        onClick={() => setSure(!sure)}
        icon={sure ? undefined : Trash2}
      >
        {sure ? 'Keep' : 'Remove'} {it(count)}
      </Button>
      {sure ? (
        <Button look="quiet" onClick={onRemove} icon={Trash2} className="text-bad!">
          Remove {count === 1 ? 'it' : formatNumber(count)} permanently
        </Button>
      ) : null}
    </>
  )
}
