import { useCallback, useEffect, useMemo } from 'react'
import { useLocation } from 'react-router'
import { sameName } from '../../downloads/file-name.ts'
import { originalsOf } from '../../downloads/originals.ts'
import { useStore } from '../../lib/store.ts'
import { missingNames, type RunAgain, readRunAgain } from '../../uploads/run-again.ts'
import { prefillSettings } from '../../uploads/task-settings.ts'
import type { Upload } from '../../uploads/upload.ts'
import type { UploadQueue } from '../../uploads/upload-queue.ts'
import { differ } from './use-start-choices.ts'

/**
 * Adds the images of tasks that are run again, as far as they are at hand, and prefills the form if all had the
 * same settings. `wanted`: names of the images to add; `addFiles` recognizes them, and returns the number of
 * duplicates.
 */
export function useRunAgain(queue: UploadQueue, isBack: boolean) {
  const { state } = useLocation()
  const uploads = useStore(queue.items)
  const again = useMemo(() => readRunAgain(state), [state])
  useEffect(() => {
    const [first] = again
    if (first === undefined || isBack) return
    if (!differ(again.map(({ settings }) => settings))) prefillSettings(first.settings)
    for (const run of again) addOriginals(queue, run)
  }, [again, queue, isBack])
  const addFiles = useCallback(
    (files: readonly File[]) => {
      const missing = missingOf(again, queue.items.get())
      const others = files.filter(({ name }) => !missing.some(({ names }) => has(names, name)))
      for (const { run, names } of missing) {
        const found = files.filter(({ name }) => has(names, name))
        if (found.length > 0) queue.add(found, earlierTask(run))
      }
      return queue.add(others)
    },
    [queue, again],
  )
  const wanted = useMemo(
    () => missingOf(again, uploads).flatMap(({ names }) => names),
    [again, uploads],
  )
  return { again, wanted, addFiles }
}

/** Names of the images of each task that are neither at hand nor added. */
const missingOf = (again: readonly RunAgain[], uploads: readonly Upload[]) =>
  again
    .filter(({ taskId }) => originalsOf(taskId).length === 0)
    .map((run) => ({ run, names: missingNames(run, uploads) }))

const has = (names: readonly string[], name: string): boolean =>
  names.some((one) => sameName(one) === sameName(name))

const earlierTask = ({ taskId, settings, count }: RunAgain) => ({ taskId, settings, count })

function addOriginals(queue: UploadQueue, run: RunAgain): void {
  for (const original of originalsOf(run.taskId)) {
    if (original.kind === 'file') queue.add([original.file], earlierTask(run))
    else queue.addUrls([original.url], earlierTask(run))
  }
}
