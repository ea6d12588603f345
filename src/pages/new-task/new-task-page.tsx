import { useCallback, useEffect, useMemo, useState } from 'react'
import { useLocation, useNavigationType } from 'react-router'
import { asTaskId } from '../../../core/api/task-id.ts'
import { type Quota, quotaStatus } from '../../../core/quota/quota.ts'
import { originalOf } from '../../downloads/originals.ts'
import { useReading } from '../../lib/clock.ts'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import type { Poller } from '../../tasks/poller.ts'
import { usePoller } from '../../tasks/use-task.ts'
import { useTaskList } from '../../tasks/use-task-list.ts'
import { useDropAnywhere } from '../../ui/use-file-drop.ts'
import { useImagePaste } from '../../ui/use-image-paste.ts'
import { keepEarlier } from '../../uploads/earlier-task.ts'
import { incomingImages } from '../../uploads/incoming.ts'
import { parseUrls } from '../../uploads/parse-urls.ts'
import { readRunAgain } from '../../uploads/run-again.ts'
import { chosenSettings } from '../../uploads/task-settings.ts'
import type { Upload } from '../../uploads/upload.ts'
import type { UploadQueue } from '../../uploads/upload-queue.ts'
import { useListFollower } from '../task-list/list-follower.ts'
import { estimateCredits, pricesOf } from './estimate.ts'
import { NewTaskScreen, type StartsLeft } from './new-task-screen.tsx'
import { NotifyChoice } from './notify-choice.tsx'
import { groupingOf } from './task-choice.tsx'
import { countImages } from './upload-text.ts'
import { uploadsFor } from './uploads-for.ts'
import { useDailyLimit } from './use-daily-limit.tsx'

/** Starts tasks from the user's images, and follows them. */
export function NewTaskPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const { poller } = usePoller(apiKey)
  const { queue, quota } = uploadsFor(apiKey, poller)
  const uploads = useStore(queue.items)
  const settings = useStore(chosenSettings)
  const [duplicates, setDuplicates] = useState(0)
  const add = useCallback((files: readonly File[]) => setDuplicates(queue.add(files)), [queue])
  useImagePaste(add)
  useDropAnywhere(add)
  const isBack = useNavigationType() === 'POP'
  useFreshPage(queue, isBack)
  useIncoming(add)
  const wanted = useRunAgain(add, isBack)
  useListFollower(apiKey, poller)
  useFollowed(poller, uploads)
  const credits = useEstimate(apiKey, settings)
  const { guard, dialog } = useDailyLimit(apiKey, queue, (entries) =>
    estimateCredits(pricesOf(entries), settings),
  )
  const singleOnly = useStore(queue.singleOnly)
  const [isGroup, setIsGroup] = useState(false)
  const ready = uploads.filter(({ state }) => state.kind === 'ready')
  const grouping = groupingOf(ready, singleOnly)
  const start = () => queue.start(settings, isGroup && grouping === 'possible')
  return (
    <NewTaskScreen
      uploads={uploads}
      duplicates={duplicates}
      wanted={wanted}
      settings={settings}
      onSettings={chosenSettings.set}
      onFiles={add}
      onUrls={(text) => {
        const { urls, unread } = parseUrls(text)
        setDuplicates(queue.addUrls(urls))
        return unread
      }}
      grouping={grouping}
      isGroup={isGroup}
      onGroup={setIsGroup}
      onStart={() => guard(countImages(ready), start)}
      onCancel={queue.cancel}
      onRetry={(id) =>
        guard(countImages(uploads.filter((upload) => upload.id === id)), () =>
          queue.retry(id, settings),
        )
      }
      onRemove={queue.remove}
      credits={credits}
      left={useReading(readStartsLeft, useStore(quota))}
      recordOf={poller.recordOf}
      notify={<NotifyChoice />}
    >
      {dialog}
    </NewTaskScreen>
  )
}

/** Tasks of an earlier round are in the list. Going back to this page shows them again. */
function useFreshPage(queue: UploadQueue, isBack: boolean): void {
  const { key } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` also changes with a link from this page to itself
  useEffect(() => {
    if (isBack) return
    for (const { id, state } of queue.items.get()) if (state.kind === 'started') queue.remove(id)
  }, [queue, isBack, key])
}

/** Takes the images that were dropped or pasted on another page. */
function useIncoming(add: (files: readonly File[]) => void): void {
  const images = useStore(incomingImages)
  useEffect(() => {
    if (images.length === 0) return
    incomingImages.set([])
    add(images)
  }, [images, add])
}

/**
 * Prefills the form for a task that is run again, and links what is started to it. Returns the name of its
 * image if that has to be added.
 */
function useRunAgain(add: (files: readonly File[]) => void, isBack: boolean): string | null {
  const { state } = useLocation()
  const again = useMemo(() => readRunAgain(state), [state])
  const original = again === null ? null : originalOf(again.taskId)
  useEffect(() => {
    if (again === null || isBack) return
    chosenSettings.set(again.settings)
    if (original === null) return
    const id = asTaskId(again.taskId)
    if (id !== null) keepEarlier(original, id)
    add([original])
  }, [again, original, add, isBack])
  return original === null ? (again?.name ?? null) : null
}

/** Keeps the started tasks checked while they are shown. */
function useFollowed(poller: Poller, uploads: readonly Upload[]): void {
  const ids = uploads.flatMap(({ state }) => (state.kind === 'started' ? [state.taskId] : []))
  const key = ids.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the IDs, a new array each time
  useEffect(() => poller.follow(ids), [poller, key])
}

function useEstimate(apiKey: ApiKey, settings: Parameters<typeof estimateCredits>[1]) {
  const { entries } = useTaskList(apiKey)
  const prices = useMemo(() => pricesOf(entries.values()), [entries])
  return estimateCredits(prices, settings)
}

/** Only as the API reports it: other browsers may use the key, too. */
function readStartsLeft(quota: Quota, now: number) {
  const { remaining, limit, nextAt, blockedUntil } = quotaStatus(quota, now)
  const value: StartsLeft | null =
    limit === null || (quota.stated === null && blockedUntil === null)
      ? null
      : { count: blockedUntil === null ? remaining : 0, limit }
  return { value, changesAt: blockedUntil ?? nextAt }
}
