import * as v from 'valibot'
import type { TaskId } from '../../../core/api/task-id.ts'
import { jsonFormat } from '../../../core/lib/parse-json.ts'
import { HOUR } from '../../../core/lib/units.ts'
import { fullQuota, type Quota } from '../../../core/quota/quota.ts'
import { quotaSchema } from '../../../core/quota/quota-schema.ts'
import { keepOriginals } from '../../downloads/originals.ts'
import { decodeBitmap } from '../../lib/browser/decode-image.ts'
import { persisted, type Store } from '../../lib/store.ts'
import { hashKey } from '../../session/api-key.ts'
import { perKey } from '../../session/per-key.ts'
import { keepBalance } from '../../tasks/balance.ts'
import { drawThumb } from '../../tasks/draw-thumb.ts'
import type { Poller } from '../../tasks/poller.ts'
import type { OwnUpload } from '../../tasks/task-source.ts'
import { createKeptParts } from '../../uploads/kept-parts.ts'
import { type OpenPage, openPage, takeLeftUploads } from '../../uploads/left-uploads.ts'
import { createStart } from '../../uploads/start-large.ts'
import { saveTo, type Unfinished } from '../../uploads/unfinished.ts'
import { identityOf, type Preview, sourcesOf, type Upload } from '../../uploads/upload.ts'
import { createUploadQueue, type UploadQueue } from '../../uploads/upload-queue.ts'
import { unfinishedOf } from './unfinished-of.ts'
import { nameOf } from './upload-text.ts'

export interface Uploads {
  readonly queue: UploadQueue
  /** Number of tasks that the key may still start. */
  readonly quota: Store<Quota>
  /** Uploads of the key in other tabs. */
  readonly elsewhere: () => readonly Unfinished[]
  readonly close: () => void
}

/** One queue per key: uploads continue on other pages, and are there when this page is reopened. */
export const uploadsFor = perKey((key, poller: Poller): Uploads => {
  const quota = uploadQuota(hashKey(key))
  const unfinished = unfinishedOf(key)
  const parts = createKeptParts(`loupe:upload-parts:${hashKey(key)}`)
  const keep = (upload: Upload, taskId: TaskId) => {
    const own = ownUpload(upload)
    if (own !== null) poller.keepUpload(taskId, own)
  }
  const queue = createUploadQueue({
    start: createStart(key, parts),
    quota,
    preview: createPreview,
    onStarted: (upload, { taskId, credits, balance }, startedAt) => {
      if (balance !== null) keepBalance(key, balance, startedAt)
      const sources = sourcesOf(upload.source)
      const originals = sources.flatMap((source) => (source.kind === 'missing' ? [] : [source]))
      if (originals.length === sources.length) keepOriginals(taskId, originals)
      poller.started(taskId, { startedAt, quotedCredits: credits })
      keep(upload, taskId)
    },
    onShown: keep,
    save: saveTo(unfinished, thisPage().id),
    parts,
  })
  const stopTaking = takeLeftUploads({
    store: unfinished,
    page: thisPage(),
    take(uploads) {
      parts.restore(uploads.flatMap(({ images }) => images.map(identityOf)))
      queue.restore(uploads)
    },
  })
  // The browser confirms leaving the page while images would be lost or uploads aborted.
  const confirmLeaving = (event: BeforeUnloadEvent) => {
    if (queue.hasUnsaved()) event.preventDefault()
  }
  addEventListener('beforeunload', confirmLeaving)
  return {
    queue,
    quota,
    elsewhere: () =>
      unfinished.get().filter(({ page, closed }) => !closed && page !== thisPage().id),
    close() {
      removeEventListener('beforeunload', confirmLeaving)
      stopTaking()
      queue.close()
      parts.close()
    },
  }
})

/** Once per load of the page. */
let page: OpenPage | null = null
function thisPage(): OpenPage {
  page ??= openPage()
  return page
}

/** The list's data about images that became a task. */
function ownUpload({ source, thumbnail, dimensions, settings, earlier }: Upload): OwnUpload | null {
  const [first, ...others] = sourcesOf(source)
  if (settings === null || first === undefined) return null
  return {
    source: {
      name: nameOf(first),
      more: others.length,
      others: others.map(nameOf),
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
    earlier: earlier?.taskId ?? null,
  }
}

/** Starts per hour, from the older public API description. */
const LIMIT = 50

const schema: v.GenericSchema<unknown, Quota> = v.pipe(
  quotaSchema,
  // A limit that the API reported applies instead.
  v.transform((kept) => (kept.stated === null ? { ...kept, limit: LIMIT, windowMs: HOUR } : kept)),
)

/** Number of tasks that a key may still start, counted across all tabs. */
const uploadQuota = (keyHash: string): Store<Quota> =>
  persisted(`loupe:starting:${keyHash}`, fullQuota(LIMIT), jsonFormat(schema))

/** Decodes an image for its dimensions and a thumbnail; null if the browser can't. Never rejects. */
async function createPreview(file: Blob): Promise<Preview | null> {
  const bitmap = await decodeBitmap(file)
  if (bitmap === null) return null
  const { width, height } = bitmap
  const thumbnail = drawThumb(bitmap, width, height)
  bitmap.close()
  return { width, height, thumbnail }
}
