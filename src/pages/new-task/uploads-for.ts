import type { TaskId } from '../../../core/api/task-id.ts'
import type { Quota } from '../../../core/quota/quota.ts'
import { createTask } from '../../api/create-task.ts'
import { keepOriginal } from '../../downloads/originals.ts'
import type { Store } from '../../lib/store.ts'
import { hashKey } from '../../session/api-key.ts'
import { perKey } from '../../session/per-key.ts'
import type { Poller } from '../../tasks/poller.ts'
import type { OwnUpload } from '../../tasks/task-source.ts'
import type { Upload } from '../../uploads/upload.ts'
import { createUploadQueue, type UploadQueue } from '../../uploads/upload-queue.ts'
import { uploadQuota } from '../../uploads/upload-quota.ts'
import { createPreview } from './preview.ts'
import { nameOf } from './upload-text.ts'

export interface Uploads {
  readonly queue: UploadQueue
  /** Number of tasks that the key may still start. */
  readonly quota: Store<Quota>
  readonly close: () => void
}

/** One queue per key: uploads continue on other pages, and are there when this page is reopened. */
export const uploadsFor = perKey((key, poller: Poller): Uploads => {
  const quota = uploadQuota(hashKey(key))
  const keep = (upload: Upload, taskId: TaskId) => {
    const own = ownUpload(upload)
    if (own !== null) poller.keepUpload(taskId, own)
  }
  const queue = createUploadQueue({
    start: (source, settings, options) => createTask(key, source, settings, options),
    quota,
    preview: createPreview,
    onStarted: (upload, { taskId, credits }, startedAt) => {
      const { source } = upload
      if (source.kind === 'file') keepOriginal(taskId, source.file)
      poller.started(taskId, { startedAt, quotedCredits: credits })
      keep(upload, taskId)
    },
    onShown: keep,
  })
  // The browser confirms leaving the page while uploads are active.
  const confirmLeaving = (event: BeforeUnloadEvent) => {
    if (queue.isBusy()) event.preventDefault()
  }
  addEventListener('beforeunload', confirmLeaving)
  return {
    queue,
    quota,
    close() {
      removeEventListener('beforeunload', confirmLeaving)
      queue.close()
    },
  }
})

/** What the list keeps of an image that became a task. */
function ownUpload({ source, thumbnail, dimensions, settings }: Upload): OwnUpload | null {
  if (settings === null) return null
  return {
    source: {
      name: nameOf(source),
      thumb: thumbnail,
      width: dimensions?.width ?? null,
      height: dimensions?.height ?? null,
    },
    settings: {
      ...settings,
      scale: { kind: 'known', factor: settings.scale },
      compression: null,
      batchMode: null,
    },
  }
}
