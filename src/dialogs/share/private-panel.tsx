import type { TaskId } from '../../../core/api/task-id.ts'
import { formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { fitting, listHash } from '../../tasks/list-link.ts'
import { LinkBox } from './link-box.tsx'

export const taskUrl = (origin: string, id: TaskId): string => `${origin}${paths.task(id)}`

interface PrivatePanelProps {
  readonly origin: string
  readonly ids: readonly TaskId[]
}

/** A link that contains only task IDs. */
export function PrivatePanel({ origin, ids }: PrivatePanelProps) {
  const [only] = ids.length === 1 ? ids : []
  const base = `${origin}${paths.home}`
  const fits = only === undefined ? fitting(ids, base.length) : 1
  const left = ids.length - fits
  return (
    <>
      <p className="text-sm text-pretty text-muted">
        For people with a key to this account. They sign in with their own key.
      </p>
      {only === undefined ? (
        <LinkBox
          label="Private link"
          url={`${base}${listHash(ids.slice(0, fits))}`}
          title="Tasks on Loupe"
        />
      ) : (
        <LinkBox label="Private link" url={taskUrl(origin, only)} title="A task on Loupe" />
      )}
      {left === 0 ? null : (
        <p className="mt-2 text-sm text-pretty text-warn">
          First {formatNumber(fits)} tasks only. {formatNumber(left)} didn’t fit.
        </p>
      )}
    </>
  )
}
