import { useState } from 'react'
import { withoutLinks } from '../../../core/api/file-links.ts'
import { modelName } from '../../../core/api/models.ts'
import { scaleFactor } from '../../../core/api/task.ts'
import { datingOf } from '../../../core/record/task-record.ts'
import { fileState, livingLink } from '../../downloads/file-state.ts'
import { now } from '../../lib/clock.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { fileTitle } from '../../task-view/file-title.ts'
import { taskSettings, taskThumb } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { usePoller } from '../../tasks/use-task.ts'
import { useTaskList } from '../../tasks/use-task-list.ts'
import type { OtherRun } from '../../viewer/viewer-image.ts'

/** Tasks of the list that were started with the same image, before and after a task. */
export function useRelatedTasks(apiKey: ApiKey, entry: TrackedTask | null) {
  const { entries } = useTaskList(apiKey)
  const before = entry?.earlier == null ? null : (entries.get(entry.earlier) ?? null)
  const after =
    entry === null ? [] : [...entries.values()].filter(({ earlier }) => earlier === entry.id)
  return { before, after }
}

/**
 * Results of the related tasks, by links that this tab has already. `isOnly`: the task has one image. Sends no
 * request by itself.
 */
export function useOtherRuns(apiKey: ApiKey, entry: TrackedTask | null, isOnly: boolean) {
  const { poller } = usePoller(apiKey)
  const { before, after } = useRelatedTasks(apiKey, entry)
  /** Links that no longer work. */
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set())
  // A new link is in the poller's record, which this hook does not subscribe to.
  const [, setRenewed] = useState(0)

  const resultsOf = (run: TrackedTask, isEarlier: boolean): readonly OtherRun[] => {
    const { id } = run
    const own = poller.recordOf(id)
    const record = own.task === null ? run.record : own
    if (record.task?.kind !== 'processed') return []
    const files = record.task.files.filter(({ failed }) => !failed)
    const linkOf = (fileId: string): string | null => {
      const latest = poller.recordOf(id)
      const file = latest.task?.files.find(
        (one, index) => one.id === fileId || withoutLinks(one, index).id === fileId,
      )
      if (file === undefined) return null
      const circumstances = { ...datingOf(latest), refusal: null, source: 'own' } as const
      return livingLink(fileState(file, circumstances, now()).value)
    }
    return files.map((file, index) => {
      const url = linkOf(file.id)
      return {
        id: `${id} ${file.id}`,
        taskId: id,
        when: isEarlier ? 'Earlier run' : 'Later run',
        settings: settingsText(run),
        title: isOnly && files.length === 1 ? null : fileTitle(file),
        thumbnailUrl: file.thumbnailUrl ?? (index === 0 ? taskThumb(run) : null),
        url: url === null || broken.has(url) ? null : url,
        renew: async () => {
          await poller.refetch(id)
          setRenewed((count) => count + 1)
          const link = linkOf(file.id)
          return link !== null && !broken.has(link)
        },
      }
    })
  }
  return {
    runs: [
      ...(before === null ? [] : resultsOf(before, true)),
      ...after.flatMap((run) => resultsOf(run, false)),
    ],
    onFailed: (url: string) => setBroken(new Set(broken).add(url)),
  }
}

/** "Nature Boost 2×" */
export function settingsText(run: TrackedTask): string {
  const settings = taskSettings(run)
  const factor = scaleFactor(settings?.scale ?? null)
  const model = settings?.model ?? null
  return [model === null ? [] : modelName(model), factor === null ? [] : `${factor}×`]
    .flat()
    .join(' ')
}
