import { atOnce } from '../lib/at-once.ts'
import type { JobTable } from './job-table.ts'
import type { Preview } from './upload.ts'
import type { Job } from './upload-job.ts'
import type { UploadQueueOptions } from './upload-queue.ts'
import { examineFile } from './validate-image.ts'

/** Larger images are not decoded for a thumbnail: this many pixels take 200 MB. */
const MAX_PREVIEW_PIXELS = 50_000_000

/** Examines the file of an image, and then decodes it, one at a time. */
export function createImageChecks(
  { all, get, update, put, changed, isClosed }: JobTable,
  preview: (file: File) => Promise<Preview | null>,
  onShown: UploadQueueOptions['onShown'],
): (job: Job, file: File) => Promise<void> {
  const inTurn = atOnce(1)
  const groupOf = (job: Job) => all().find(({ parts }) => parts.includes(job))

  async function show(job: Job, file: File): Promise<void> {
    const isListed = get(job.item.id) !== undefined || groupOf(job) !== undefined
    const shown = isClosed() || !isListed ? null : await preview(file)
    if (shown === null) return
    const { thumbnail, width, height } = shown
    update(job, { thumbnail, dimensions: { width, height } })
    const group = groupOf(job)
    if (group?.parts[0] === job) update(group, { thumbnail })
    const { item } = group ?? job
    if (item.state.kind === 'started') onShown(item, item.state.taskId)
    changed()
  }

  return async (job, file) => {
    const examined = await examineFile(file)
    const isNew = job.item.state.kind === 'checking'
    if (!examined.ok) {
      if (isNew) put(job, { kind: 'invalid', why: examined.error })
      return changed()
    }
    const dimensions = examined.value
    update(job, { dimensions })
    if (isNew) put(job, { kind: 'ready' })
    const { width, height } = dimensions ?? { width: 0, height: 0 }
    if (width * height <= MAX_PREVIEW_PIXELS) void inTurn(() => show(job, file))
    changed()
  }
}
