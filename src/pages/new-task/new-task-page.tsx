import { useCallback, useEffect, useMemo, useState } from 'react'
import { useLocation, useNavigationType } from 'react-router'
import { type Quota, quotaStatus } from '../../../core/quota/quota.ts'
import type { StartSettings } from '../../api/create-task.ts'
import { useReading } from '../../lib/clock.ts'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import type { Poller } from '../../tasks/poller.ts'
import { usePoller } from '../../tasks/use-task.ts'
import { useTaskList } from '../../tasks/use-task-list.ts'
import { useDropAnywhere } from '../../ui/use-file-drop.ts'
import { useImagePaste } from '../../ui/use-image-paste.ts'
import { incomingImages } from '../../uploads/incoming.ts'
import { parseUrls } from '../../uploads/parse-urls.ts'
import { chooseSettings, formSettings } from '../../uploads/task-settings.ts'
import type { Upload } from '../../uploads/upload.ts'
import type { UploadQueue } from '../../uploads/upload-queue.ts'
import { estimateCredits, pricesOf } from './estimate.ts'
import { NewTaskScreen, type StartsLeft } from './new-task-screen.tsx'
import { NotifyChoice } from './notify-choice.tsx'
import { planStarts } from './plan-starts.ts'
import { uploadsFor } from './uploads-for.ts'
import { useDailyLimit } from './use-daily-limit.tsx'
import { useRunAgain } from './use-run-again.ts'
import { useSharedImages } from './use-shared-images.ts'
import { useStartChoices } from './use-start-choices.ts'

/** Starts tasks from the user's images, and follows them. */
export function NewTaskPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const { poller } = usePoller(apiKey)
  const { queue, quota, elsewhere } = uploadsFor(apiKey, poller)
  const uploads = useStore(queue.items)
  const settings = useStore(formSettings)
  const [duplicates, setDuplicates] = useState(0)
  const isBack = useNavigationType() === 'POP'
  useFreshPage(queue, isBack)
  const { again, wanted, addFiles } = useRunAgain(queue, isBack)
  const add = useCallback((files: readonly File[]) => setDuplicates(addFiles(files)), [addFiles])
  useImagePaste(add)
  useDropAnywhere(add)
  useIncoming(queue, add)
  useSharedImages()
  useFollowed(poller, uploads)
  const priceOf = usePrices(apiKey)
  const choices = useStartChoices(uploads, again, settings, useStore(queue.singleOnly))
  const { settingsOf, split } = choices
  const { guard, dialog } = useDailyLimit(apiKey, queue, elsewhere, settingsOf)
  const ready = uploads.filter(({ state }) => state.kind === 'ready')
  const start = () => {
    for (const { ids, settings, asGroup } of planStarts(ready, split, settingsOf)) {
      queue.start(settings, asGroup, ids)
    }
  }
  return (
    <NewTaskScreen
      uploads={uploads}
      duplicates={duplicates}
      wanted={wanted}
      settings={settings}
      onSettings={chooseSettings}
      onFiles={add}
      onUrls={(text) => {
        const { urls, unread } = parseUrls(text)
        setDuplicates(queue.addUrls(urls))
        return unread
      }}
      choices={choices}
      onStart={() => guard(ready, start)}
      onCancel={queue.cancel}
      onRetry={(id) => {
        for (const upload of uploads) {
          if (upload.id === id) guard([upload], () => queue.retry(id, settingsOf(upload)))
        }
      }}
      onRemove={queue.remove}
      onChoose={queue.choose}
      priceOf={priceOf}
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

/** Takes the images that were dropped, pasted or taken on another page. */
function useIncoming(queue: UploadQueue, add: (files: readonly File[]) => void): void {
  const incoming = useStore(incomingImages)
  useEffect(() => {
    if (incoming.length === 0) return
    incomingImages.set([])
    for (const { image, earlier } of incoming) if (earlier !== null) queue.add([image], earlier)
    add(incoming.flatMap(({ image, earlier }) => (earlier === null ? [image] : [])))
  }, [queue, incoming, add])
}

/** Keeps the started tasks checked while they are shown. */
function useFollowed(poller: Poller, uploads: readonly Upload[]): void {
  const ids = uploads.flatMap(({ state }) => (state.kind === 'started' ? [state.taskId] : []))
  const key = ids.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the IDs, a new array each time
  useEffect(() => poller.follow(ids), [poller, key])
}

/** Estimates by the tasks of the list. */
function usePrices(apiKey: ApiKey): (settings: StartSettings) => number | null {
  const { entries } = useTaskList(apiKey)
  const prices = useMemo(() => pricesOf(entries.values()), [entries])
  return (settings) => estimateCredits(prices, settings)
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
