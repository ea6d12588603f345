import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useNavigate } from 'react-router'
import { paths } from '../../lib/paths.ts'
import type { Asker } from '../../polling/asker.ts'
import { type Asking, useAsker } from '../../polling/use-task-status.ts'
import { type ApiKey, hashKey } from '../../session/api-key.ts'
import { type List, type ListState, listOf } from '../../watchlist/list.ts'
import { nameOf } from '../../watchlist/row.ts'
import { type Away, keeperOf, type OnEnd } from './keeper.ts'
import { notifyEnd } from './notify.ts'

/** All the page needs: what is remembered, who asks, and what happened while nobody looked. */
export interface WatchList {
  readonly list: List
  readonly state: ListState
  readonly asker: Asker
  readonly asking: Asking
  /** Tasks about which a question is under way. */
  readonly underWay: ReadonlySet<string>
  /** When the next question goes out, epoch milliseconds; null where none is planned. */
  readonly nextAt: number | null
  readonly away: Away | null
  readonly dismissAway: () => void
}

export function useWatchList(key: ApiKey): WatchList {
  const { asker, state } = useAsker(key)
  const list = listOf(hashKey(key))
  const navigate = useNavigate()
  const onEnd = useCallback<OnEnd>(
    (entry, group) => {
      const kind = group === 'done' ? 'processed' : 'failed'
      const { id: taskId } = entry
      notifyEnd({ taskId, name: nameOf(entry), kind }, () => navigate(paths.task(taskId)))
    },
    [navigate],
  )
  const keeper = keeperOf(asker, list, onEnd)
  const listState = useSyncExternalStore(list.subscribe, list.state)
  const away = useSyncExternalStore(keeper.subscribe, keeper.away)
  const { underWay, nextAt } = useMemo(() => {
    const underWay = new Set<string>()
    let nextAt: number | null = null
    for (const [id, next] of state.plan) {
      if (next.kind === 'waiting') underWay.add(id)
      if (next.kind === 'ask') nextAt = Math.min(nextAt ?? next.at, next.at)
    }
    return { underWay, nextAt }
  }, [state.plan])
  const { allowance, paused, counted, role } = state
  const { setPaused, setLimit } = asker
  return {
    list,
    state: listState,
    asker,
    asking: { allowance, paused, counted, role, setPaused, setLimit },
    underWay,
    nextAt,
    away,
    dismissAway: keeper.dismiss,
  }
}
