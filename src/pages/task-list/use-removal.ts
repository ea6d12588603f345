import { useRef } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { plural } from '../../lib/format.ts'
import type { TaskList } from '../../tasks/task-list.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { toast } from '../../ui/toast.ts'

/** Removes tasks. Removals in a row have one message, whose Undo brings all of them back. */
export function useRemoval(list: TaskList): (ids: readonly TaskId[]) => Promise<void> {
  const shown = useRef<{ removed: readonly TrackedTask[]; hide: () => void } | null>(null)
  return async (ids) => {
    const now = await list.remove(ids)
    const removed = [...(shown.current?.removed ?? []), ...now]
    shown.current?.hide()
    const end = () => {
      shown.current = null
    }
    const undo = () => {
      end()
      void list.add(removed)
    }
    const hide = toast({
      text: `${plural(removed.length, 'task')} removed`,
      actions: [{ label: 'Undo', onAction: undo }],
      onGone: end,
    })
    shown.current = { removed, hide }
  }
}
