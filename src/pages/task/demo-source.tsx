import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { getDemoOriginal } from '../../api/sandbox.ts'
import { keepOriginals } from '../../downloads/originals.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { usePoller } from '../../tasks/use-task.ts'
import { sandboxQuery } from '../sandbox-query.ts'

interface DemoSourceProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
}

/** Keeps the image of a demo like that of an own upload: nobody here has uploaded it. Draws nothing. */
export function DemoSource({ apiKey, taskId }: DemoSourceProps) {
  const { poller } = usePoller(apiKey)
  const { data: sandbox } = useQuery(sandboxQuery)
  const source = sandbox?.tasks.find(({ id }) => id === taskId)?.source
  useEffect(() => {
    if (source === undefined) return
    poller.keepUpload(taskId, {
      source: { ...source, more: 0, others: [] },
      settings: null,
      earlier: null,
    })
    void getDemoOriginal(taskId, source.name).then((original) => {
      if (original !== null) keepOriginals(taskId, [{ kind: 'file', file: original }])
    })
  }, [poller, taskId, source])
  return null
}
