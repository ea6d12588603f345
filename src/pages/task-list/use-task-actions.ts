import { useMemo, useRef } from 'react'
import type { TaskActions } from './row-actions.tsx'

/** The same actions with lasting identities, so that rows are not drawn again with each render. */
export function useTaskActions(actions: TaskActions): TaskActions {
  const latest = useRef(actions)
  latest.current = actions
  return useMemo(
    () => ({
      onOpen: (id) => latest.current.onOpen(id),
      onSelect: (entry, range) => latest.current.onSelect(entry, range),
      onSave: (ids) => latest.current.onSave(ids),
      onCheck: (ids) => latest.current.onCheck(ids),
      onShare: (ids) => latest.current.onShare(ids),
      onLabel: (ids) => latest.current.onLabel(ids),
      onAgain: (ids) => latest.current.onAgain(ids),
      onCopy: (id) => latest.current.onCopy(id),
      onRemove: (ids) => latest.current.onRemove(ids),
      onThumb: (id, thumb) => latest.current.onThumb(id, thumb),
    }),
    [],
  )
}
