import type { TaskId } from '../../../core/api/task-id.ts'
import type { TaskRecord } from '../../../core/record/task-record.ts'
import { errorText } from '../../downloads/error-text.ts'
import { fetchImage } from '../../downloads/fetch-file.ts'
import { fileNames } from '../../downloads/file-name.ts'
import { nameTemplate } from '../../downloads/name-template.ts'
import { toast } from '../../ui/toast.ts'
import { incomingImages } from '../../uploads/incoming.ts'

/** Whether the task has a single result, by a link that may still work. */
export const hasInput = ({ task }: TaskRecord): boolean =>
  task?.files.length === 1 && task.files[0]?.downloadUrl != null

/** Hands the result of a task to New task. Returns false if it can't be fetched, as a message says. */
export async function takeResult(id: TaskId, { task }: TaskRecord): Promise<boolean> {
  const [file] = task?.files ?? []
  if (task === null || file === undefined || file.downloadUrl === null) return false
  toast({ text: 'Fetching the result…' })
  const { settings } = task
  const promised = { file, settings }
  const fetched = await fetchImage(file.downloadUrl, promised, new AbortController().signal)
  if (!fetched.ok) {
    toast({ text: errorText(fetched.error) })
    return false
  }
  const [name = 'result.png'] = fileNames(nameTemplate.get(), { id, settings, files: [file] })
  const image = new File([fetched.value], name, { type: fetched.value.type })
  const earlier = { taskId: id, settings: null, count: 1 }
  incomingImages.change((before) => [...before, { image, earlier }])
  return true
}
