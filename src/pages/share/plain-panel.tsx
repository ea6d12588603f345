import { formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { fitting, listHash } from '../../watchlist/list-link.ts'
import { LinkBox } from './link-box.tsx'

export const taskUrl = (origin: string, id: TaskId): string => `${origin}${paths.task(id)}`

interface PlainPanelProps {
  readonly origin: string
  readonly ids: readonly TaskId[]
}

/** A link that holds ids and nothing else. */
export function PlainPanel({ origin, ids }: PlainPanelProps) {
  const [only] = ids.length === 1 ? ids : []
  return only === undefined ? (
    <ListLink origin={origin} ids={ids} />
  ) : (
    <TaskLink url={taskUrl(origin, only)} />
  )
}

function TaskLink({ url }: { readonly url: string }) {
  return (
    <>
      <p className="text-pretty text-muted">
        For colleagues with a key of this account. The link holds the id of the task and no key:
        Loupe asks for theirs, and goes on to the task.
      </p>
      <LinkBox label="Task link" url={url} title="A task on Loupe" />
    </>
  )
}

function ListLink({ origin, ids }: PlainPanelProps) {
  const base = `${origin}${paths.home}`
  const fits = fitting(ids, base.length)
  const left = ids.length - fits
  return (
    <>
      <p className="text-pretty text-muted">
        For colleagues with a key of this account. The link holds the ids of the tasks and no key.
        They see which tasks would be added before anything is asked.
      </p>
      <LinkBox
        label="List link"
        url={`${base}${listHash(ids.slice(0, fits))}`}
        title="A list of tasks on Loupe"
      />
      {left === 0 ? null : (
        <p className="mt-2 text-sm text-pretty text-warn">
          It holds the first {formatNumber(fits)}. {formatNumber(left)} did not fit: longer links
          are cut by mail programs and chats.
        </p>
      )}
    </>
  )
}
