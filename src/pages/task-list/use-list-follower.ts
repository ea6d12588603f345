import { useCallback } from 'react'
import { useNavigate } from 'react-router'
import { paths } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import type { Poller } from '../../tasks/poller.ts'
import { listOf } from '../../tasks/task-list.ts'
import { taskName } from '../../tasks/task-title.ts'
import { type ListFollower, listFollowerFor, type OnEnd } from './list-follower.ts'
import { notifyEnd } from './notify.ts'

/** Keeps the tasks of the list checked from now on, and notifies of each that ends. */
export function useListFollower(key: ApiKey, poller: Poller): ListFollower {
  const navigate = useNavigate()
  const onEnd = useCallback<OnEnd>(
    (entry, group) => {
      const kind = group === 'done' ? 'processed' : 'failed'
      const { id: taskId } = entry
      notifyEnd({ taskId, name: taskName(entry), kind }, () => navigate(paths.task(taskId)))
    },
    [navigate],
  )
  return listFollowerFor(key, poller, listOf(key), onEnd)
}
