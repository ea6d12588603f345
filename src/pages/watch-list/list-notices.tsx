import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { download } from '../../files/disk.ts'
import { plural } from '../../lib/format.ts'
import { MOST_ENTRIES } from '../../watchlist/entry.ts'
import type { List, ListState } from '../../watchlist/list.ts'
import { saveList } from './save-list.ts'
import { StorageNotices, type Trouble } from './storage-notices.tsx'

interface ListNoticesProps {
  readonly list: List
  readonly state: ListState
}

/** What went wrong with the memory, and what another key has in it. */
export function ListNotices({ list, state }: ListNoticesProps) {
  const { unreadable, entries, elsewhere } = state
  const troubles = troublesOf(state)
  const others = entries.size === 0 && elsewhere > 0
  const takeOver = async () => list.add(await list.readElsewhere())
  return (
    <div className={troubles.length > 0 || others ? 'mt-4 grid gap-3' : ''}>
      <StorageNotices
        troubles={troubles}
        onExport={() => void saveList([...entries.values()])}
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
      {others ? (
        <Notice
          tone="info"
          title={`This browser remembers ${plural(elsewhere, 'task')} of another key`}
          action={
            <Button className="mt-3" onClick={() => void takeOver()}>
              Show them with this key too
            </Button>
          }
        >
          <p>If the key was replaced, they are yours. Tasks of another account are refused.</p>
        </Notice>
      ) : null}
    </div>
  )
}

function troublesOf({ denial, unsaved, unreadable, newer, left }: ListState): readonly Trouble[] {
  const troubles: Trouble[] = []
  if (denial === 'full') troubles.push({ kind: 'full', changes: unsaved.size })
  else if (denial !== null) troubles.push({ kind: denial })
  if (unreadable.size > 0) troubles.push({ kind: 'unreadable', count: unreadable.size })
  if (newer > 0) troubles.push({ kind: 'newer', count: newer })
  if (left > 0) troubles.push({ kind: 'left', count: left, most: MOST_ENTRIES })
  return troubles
}
