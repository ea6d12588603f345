import { useEffect } from 'react'
import { useStore } from '../lib/store.ts'
import type { ApiKey } from '../session/api-key.ts'
import type { ListState } from './list-state.ts'
import { listOf } from './task-list.ts'

/** The list of the key, read when first needed. */
export function useTaskList(key: ApiKey): ListState {
  const list = listOf(key)
  useEffect(() => void list.load(), [list])
  return useStore(list.state)
}
