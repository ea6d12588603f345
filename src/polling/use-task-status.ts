import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ApiKey } from '../session/api-key.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { taskQuery } from './task-query.ts'

/** Follows one task; all observers of a task in this tab share one question. */
export const useTaskStatus = (key: ApiKey, taskId: TaskId) =>
  useQuery(taskQuery(useQueryClient(), key, taskId))
