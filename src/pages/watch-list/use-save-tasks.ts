import type { AllState } from '../../files/zip-jobs.ts'
import type { Asker } from '../../polling/asker.ts'
import { useZipJob } from '../../task-view/use-zip-job.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { listingOf } from '../listing-of.ts'

interface SaveTasks {
  readonly state: AllState
  readonly save: (ids: readonly TaskId[]) => void
  readonly cancel: () => void
}

/**
 * Saves the files of many tasks as one zip. Links are not remembered, so a task whose links this tab does
 * not have is asked when its turn comes.
 */
export function useSaveTasks(asker: Asker): SaveTasks {
  const { job, state } = useZipJob(`list ${asker.keyHash}`)
  const save = (ids: readonly TaskId[]) => {
    const batches = ids.map((id) => ({
      id,
      source: 'asked' as const,
      known: () => listingOf(id, asker.recordOf(id)),
      ask: async () => listingOf(id, await asker.fresh(id)),
      refusalOf: () => null,
    }))
    void job.save(batches, 'upscayl.zip')
  }
  return { state, save, cancel: job.cancel }
}
