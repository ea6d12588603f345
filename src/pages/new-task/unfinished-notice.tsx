import { Pause } from 'lucide-react'
import { plural } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { usePoller } from '../../tasks/use-task.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { isContinuable } from '../../uploads/upload-job.ts'
import { uploadsFor } from './uploads-for.ts'

/** On other pages: uploads wait on New task, after a reload or an error. */
export function UnfinishedNotice({ apiKey }: { readonly apiKey: ApiKey }) {
  const { poller } = usePoller(apiKey)
  const uploads = useStore(uploadsFor(apiKey, poller).queue.items)
  const count = (is: (one: (typeof uploads)[number]) => boolean) => uploads.filter(is).length
  return (
    <UnfinishedLine
      interrupted={count(({ state }) => isContinuable(state))}
      abandoned={count(({ state }) => state.kind === 'abandoned')}
    />
  )
}

interface UnfinishedLineProps {
  readonly interrupted: number
  readonly abandoned: number
}

export function UnfinishedLine({ interrupted, abandoned }: UnfinishedLineProps) {
  const count = interrupted || abandoned
  if (count === 0) return null
  const [what, action] = interrupted > 0 ? ['interrupted', 'Continue'] : ['abandoned', 'View']
  return (
    <p className="mb-3 flex items-center gap-2 rounded-xl border border-line bg-surface py-1.5 pr-1.5 pl-4 text-sm">
      <Pause size={16} className="shrink-0 text-muted" />
      <span className="min-w-0">
        {plural(count, 'upload')} {count === 1 ? 'was' : 'were'} {what}
      </span>
      <Link to={paths.newTask} className={`${buttonClass()} ml-auto`}>
        {action}
      </Link>
    </p>
  )
}
