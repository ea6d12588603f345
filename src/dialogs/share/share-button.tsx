import { Share2 } from 'lucide-react'
import { useState } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import type { TaskRecord } from '../../../core/record/task-record.ts'
import { now } from '../../lib/clock.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { useTrackedTask } from '../../tasks/use-task.ts'
import { Button } from '../../ui/button.tsx'
import { deferredDialog } from '../../ui/deferred.tsx'
import type { Seen } from './make-snapshot-link.ts'

const Share = deferredDialog(async () => (await import('./share-dialog.tsx')).Share)

interface ShareButtonProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
  /** As the page shows it. */
  readonly record: TaskRecord
}

/** Opens the share dialog for a task as it is at the click. */
export function ShareButton({ apiKey, taskId, record }: ShareButtonProps) {
  const entry = useTrackedTask(apiKey, taskId)
  const [seen, setSeen] = useState<Seen | null>(null)
  const open = () =>
    setSeen({
      origin: location.origin,
      tasks: [{ ...entry, id: taskId, record }],
      at: now(),
    })
  return (
    <>
      <Button icon={Share2} aria-keyshortcuts="s" title="Share (s)" onClick={open}>
        <span className="max-sm:sr-only">Share</span>
      </Button>
      {seen === null ? null : <Share apiKey={apiKey} seen={seen} onClose={() => setSeen(null)} />}
    </>
  )
}
