import { useEffect, useSyncExternalStore } from 'react'
import type { TaskId } from '../../core/api/task-id.ts'
import { useStore } from '../lib/store.ts'
import type { ApiKey } from '../session/api-key.ts'
import { loadedList, loadListOf } from './record-store.ts'
import type { TrackedTask } from './tracked-task.ts'

const never = () => () => {}

/** The stored entry of one task, with the image and settings of an own upload; null before it is read. */
export function useTrackedTask(key: ApiKey, taskId: TaskId): TrackedTask | null {
  const list = useStore(loadedList)?.listOf(key).state
  useEffect(() => {
    // Storage that fails is reported by the list.
    loadListOf(key)
      .then((opened) => opened?.loadEntry(taskId))
      .catch(() => {})
  }, [key, taskId])
  return useSyncExternalStore(
    list?.subscribe ?? never,
    () => list?.get().entries.get(taskId) ?? null,
  )
}
