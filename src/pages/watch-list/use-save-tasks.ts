import { fileNames } from '../../files/file-name.ts'
import { fileState, livingLink } from '../../files/file-state.ts'
import { nameTemplate } from '../../files/name-choice.ts'
import type { Item } from '../../files/save-all.ts'
import { now } from '../../lib/clock.ts'
import type { Asker } from '../../polling/asker.ts'
import { datingOf, type TaskRecord } from '../../polling/task-record.ts'
import { useSaveAll } from '../../task-view/use-save-all.ts'
import type { TaskId } from '../../upscayl/task-id.ts'

/**
 * Saves the files of many tasks as one zip. Links are not remembered, so a task whose links this tab does
 * not have is asked once. `onLeftOut` hears how many gave no link, as where the allowance is used up.
 */
export function useSaveTasks(asker: Asker, onLeftOut: (tasks: number) => void) {
  const { state, save, cancel } = useSaveAll()
  const saveTasks = (ids: readonly TaskId[]) =>
    save(async (signal, tell) => {
      const found: { id: TaskId; record: TaskRecord }[] = []
      for (const [done, id] of ids.entries()) {
        signal.throwIfAborted()
        tell(done, ids.length)
        const known = asker.recordOf(id)
        const record = hasLinks(known) ? known : await asker.fresh(id)
        found.push({ id, record })
      }
      const leftOut = found.filter(({ record }) => !hasLinks(record)).length
      if (leftOut > 0) onLeftOut(leftOut)
      return itemsOf(found)
    }, 'upscayl.zip')
  return { state, cancel, save: saveTasks }
}

const links = (record: TaskRecord): readonly (string | null)[] => {
  const at = { ...datingOf(record), refusal: null, source: 'asked' } as const
  return (record.task?.files ?? []).map((file) => livingLink(fileState(file, at, now()).value))
}

const hasLinks = (record: TaskRecord) => links(record).some((link) => link !== null)

function itemsOf(found: readonly { id: TaskId; record: TaskRecord }[]): Item[] {
  const tasks = found.flatMap(({ id, record }) =>
    record.task === null ? [] : [{ id, record, ...record.task }],
  )
  const names = fileNames(nameTemplate(), ...tasks)
  const files = tasks.flatMap(({ id, record, files }) => {
    const urls = links(record)
    return files.map((file, n) => ({ taskId: id, file, url: urls[n] ?? null }))
  })
  return files.flatMap(({ taskId, file, url }, index) =>
    url === null
      ? []
      : [
          {
            id: `${taskId}/${file.id}`,
            url,
            name: names[index] ?? file.id,
            createdAt: file.createdAt,
          },
        ],
  )
}
