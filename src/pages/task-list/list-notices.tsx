import { download } from '../../downloads/file-system.ts'
import { plural } from '../../lib/format.ts'
import { persisted, useStore } from '../../lib/store.ts'
import type { ListState } from '../../tasks/list-state.ts'
import type { TaskList } from '../../tasks/task-list.ts'
import { MAX_ENTRIES } from '../../tasks/tracked-task.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.ts'
import { saveList } from './save-list.ts'
import { StorageNotices, type Trouble } from './storage-notices.tsx'

interface ListNoticesProps {
  readonly list: TaskList
  readonly state: ListState
}

/** Storage problems, and tasks stored under another key. */
export function ListNotices({ list, state }: ListNoticesProps) {
  const { unreadable, entries, elsewhere } = state
  const troubles = troublesOf(state)
  const others = elsewhere > useStore(seenElsewhere)
  return (
    <div className={troubles.length > 0 || others ? 'mt-4 grid gap-3' : ''}>
      <StorageNotices
        troubles={troubles}
        onExport={() => saveList([...entries.values()])}
        onRetry={() => void list.retry()}
        onSaveUnreadable={() =>
          download(
            new Blob([JSON.stringify(Object.fromEntries(unreadable), null, 2)], {
              type: 'application/json',
            }),
            'loupe-unreadable.json',
          )
        }
        onRemoveUnreadable={() => void list.removeUnreadable()}
        onReload={() => location.reload()}
        onDismiss={() => void list.forgetLeft()}
      />
      {others ? <TasksOfAnotherKey list={list} state={state} /> : null}
    </div>
  )
}

/** How many tasks of other keys the user has added or dismissed. */
const seenElsewhere = persisted('loupe:seen-elsewhere', 0, {
  parse: (text) => Number(text) || 0,
  format: String,
})

function TasksOfAnotherKey({ list, state: { entries, elsewhere } }: ListNoticesProps) {
  // Names and images of another key's tasks are for those whose own key works.
  const isAccepted = [...entries.values()].some(({ record }) => record.task !== null)
  const dismiss = () => seenElsewhere.set(elsewhere)
  const add = async () => {
    const found = await list.readElsewhere().catch(() => null)
    if (found === null) {
      toast({ text: 'Browser storage didn’t respond. Try again.' })
      return
    }
    await list.add(found)
    dismiss()
  }
  return (
    <Notice
      tone="info"
      title={`${plural(elsewhere, 'task')} added with a different key`}
      action={
        <>
          {isAccepted ? <Button onClick={() => void add()}>Add to this list</Button> : null}
          <Button look="quiet" onClick={dismiss}>
            Dismiss
          </Button>
        </>
      }
    >
      <p>
        {isAccepted
          ? 'Do this if you replaced your key.'
          : 'If you replaced your key, you can add them here once it has loaded a task.'}
      </p>
    </Notice>
  )
}

function troublesOf({ denial, unsaved, unreadable, newer, left }: ListState): readonly Trouble[] {
  const troubles: Trouble[] = []
  if (denial === 'full') troubles.push({ kind: 'full', changes: unsaved.size })
  else if (denial !== null) troubles.push({ kind: denial })
  if (unreadable.size > 0) troubles.push({ kind: 'unreadable', count: unreadable.size })
  if (newer > 0) troubles.push({ kind: 'newer', count: newer })
  if (left > 0) troubles.push({ kind: 'left', count: left, most: MAX_ENTRIES })
  return troubles
}
