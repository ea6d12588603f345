import { FileDown, RotateCw, Trash2, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { formatNumber, plural } from '../../lib/format.ts'

/** What went wrong with what the browser remembers of the list. */
export type Trouble =
  /** The browser lets this site keep nothing. */
  | { readonly kind: 'denied' }
  /** The browser has not answered so far, and may yet. */
  | { readonly kind: 'silent' }
  /** There is no room: so many changes are only in this tab. */
  | { readonly kind: 'full'; readonly changes: number }
  /** So many remembered tasks make no sense; they are kept as they are. */
  | { readonly kind: 'unreadable'; readonly count: number }
  /** So many were written by a later Loupe; they are kept as they are. */
  | { readonly kind: 'newer'; readonly count: number }
  /** A later Loupe in another tab has changed how the list is kept. */
  | { readonly kind: 'outdated' }
  /** So many finished tasks have left to make room for others. */
  | { readonly kind: 'left'; readonly count: number; readonly most: number }

interface TroubleActions {
  readonly onExport: () => void
  /** Tries again to keep what is only in this tab. */
  readonly onRetry: () => void
  /** Saves what cannot be read as a file, as it is. */
  readonly onSaveUnreadable: () => void
  /** Removes what cannot be read, for good. */
  readonly onRemoveUnreadable: () => void
  readonly onReload: () => void
  readonly onDismiss: (trouble: Trouble) => void
}

interface StorageNoticesProps extends TroubleActions {
  readonly troubles: readonly Trouble[]
}

/** Each with what it means and what to do. A screen reader hears the titles as they come. */
export function StorageNotices({ troubles, ...actions }: StorageNoticesProps) {
  return (
    <div className={troubles.length === 0 ? '' : 'grid gap-3'}>
      <p role="status" className="sr-only">
        {troubles.map((trouble) => wordsOf(trouble).title).join('. ')}
      </p>
      {troubles.map((trouble) => {
        const { tone, title, means } = wordsOf(trouble)
        return (
          <Notice
            key={trouble.kind}
            tone={tone}
            title={title}
            action={<Actions trouble={trouble} {...actions} />}
          >
            <p>{means}</p>
          </Notice>
        )
      })}
    </div>
  )
}

interface Words {
  readonly tone: 'info' | 'warn' | 'bad'
  readonly title: string
  readonly means: string
}

function wordsOf(trouble: Trouble): Words {
  switch (trouble.kind) {
    case 'denied':
      return {
        tone: 'warn',
        title: 'This list lives only until the tab is closed',
        means:
          'The browser does not let Loupe keep anything for this site. Export the list before you close the tab, or allow storage for this site and load the page again.',
      }
    case 'silent':
      return {
        tone: 'warn',
        title: 'Browser storage isn’t responding',
        means:
          'Saved tasks may be missing here, and changes are kept in this tab only. Reload, or export the list before you close the tab.',
      }
    case 'full':
      return {
        tone: 'bad',
        title: `The browser has no room left: ${plural(trouble.changes, 'change')} ${are(trouble.changes)} only in this tab`,
        means:
          'What was kept before is safe; what changed since is lost when the tab is closed. Export the list, free some space, then try again.',
      }
    case 'unreadable':
      return {
        tone: 'warn',
        title: `${plural(trouble.count, 'remembered task')} cannot be read`,
        means: `Loupe keeps ${it(trouble.count)} as ${they(trouble.count)}. Nothing at Upscayl changed: a task can be added again by its id. Save a copy before you remove ${it(trouble.count)}.`,
      }
    case 'newer':
      return {
        tone: 'info',
        title: `${plural(trouble.count, 'task')} ${trouble.count === 1 ? 'was' : 'were'} written by a newer Loupe`,
        means: `This tab cannot read ${it(trouble.count)}, and leaves ${it(trouble.count)} as ${they(trouble.count)}. Load the page again to get the newer Loupe.`,
      }
    case 'outdated':
      return {
        tone: 'warn',
        title: 'A newer Loupe is open in another tab',
        means:
          'It has changed how the list is kept, so this tab no longer keeps what it learns. Load the page again to go on.',
      }
    case 'left':
      return {
        tone: 'info',
        title: `${plural(trouble.count, 'finished task')} ${trouble.count === 1 ? 'has' : 'have'} left the list`,
        means: `It holds at most ${formatNumber(trouble.most)} tasks, and those that finished longest ago leave first. At Upscayl nothing changed: any of them opens by its id. Export the list before more leave.`,
      }
  }
}

const are = (count: number) => (count === 1 ? 'is' : 'are')
const it = (count: number) => (count === 1 ? 'it' : 'them')
const they = (count: number) => (count === 1 ? 'it is' : 'they are')

interface ActionsProps extends TroubleActions {
  readonly trouble: Trouble
}

function Actions({ trouble, ...actions }: ActionsProps) {
  const exporting = (
    <Button onClick={actions.onExport} icon={<FileDown aria-hidden size={15} />}>
      Export list
    </Button>
  )
  const reload = (
    <Button onClick={actions.onReload} icon={<RotateCw aria-hidden size={15} />}>
      Load the page again
    </Button>
  )
  switch (trouble.kind) {
    case 'denied':
      return <Row>{exporting}</Row>
    case 'silent':
      return (
        <Row>
          {exporting}
          {reload}
        </Row>
      )
    case 'full':
      return (
        <Row>
          {exporting}
          <Button onClick={actions.onRetry} icon={<RotateCw aria-hidden size={15} />}>
            Try again
          </Button>
        </Row>
      )
    case 'unreadable':
      return (
        <Row>
          <Button onClick={actions.onSaveUnreadable} icon={<FileDown aria-hidden size={15} />}>
            Save {it(trouble.count)} as a file
          </Button>
          <Remove count={trouble.count} onRemove={actions.onRemoveUnreadable} />
        </Row>
      )
    case 'newer':
    case 'outdated':
      return <Row>{reload}</Row>
    case 'left':
      return (
        <Row>
          {exporting}
          <Button
            look="quiet"
            onClick={() => actions.onDismiss(trouble)}
            icon={<X aria-hidden size={15} />}
          >
            Dismiss
          </Button>
        </Row>
      )
  }
}

const Row = ({ children }: { readonly children: ReactNode }) => (
  <div className="mt-3 flex flex-wrap gap-2">{children}</div>
)

/** What is removed is gone: a second click is asked for, and not where the first one was. */
function Remove({ count, onRemove }: { readonly count: number; readonly onRemove: () => void }) {
  const [sure, setSure] = useState(false)
  // One element for both, so that the focus stays on it.
  return (
    <>
      <Button
        look={sure ? 'secondary' : 'quiet'}
        onClick={() => setSure(!sure)}
        icon={sure ? null : <Trash2 aria-hidden size={15} />}
      >
        {sure ? 'Keep' : 'Remove'} {it(count)}
      </Button>
      {sure ? (
        <Button
          look="quiet"
          onClick={onRemove}
          icon={<Trash2 aria-hidden size={15} />}
          className="text-bad!"
        >
          Remove {count === 1 ? 'it' : formatNumber(count)} for good
        </Button>
      ) : null}
    </>
  )
}
