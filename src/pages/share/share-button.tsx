import { useState } from 'react'
import { deferred } from '../../components/deferred.tsx'
import { now } from '../../lib/clock.ts'
import { useAsker } from '../../polling/use-task-status.ts'
import type { ApiKey } from '../../session/api-key.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import type { Seen } from './make-snapshot-link.ts'
import { OpenShare } from './open-share.tsx'

const Share = deferred(async () => (await import('./share.tsx')).Share)

interface ShareButtonProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
}

/** Opens the ways to show a task to somebody else, as it stands at the click. */
export function ShareButton({ apiKey, taskId }: ShareButtonProps) {
  const { asker } = useAsker(apiKey)
  const [seen, setSeen] = useState<Seen | null>(null)
  const open = () =>
    setSeen({
      origin: location.origin,
      tasks: [{ id: taskId, record: asker.recordOf(taskId) }],
      at: now(),
    })
  return (
    <>
      <OpenShare onClick={open} />
      {seen === null ? null : <Share apiKey={apiKey} seen={seen} onClose={() => setSeen(null)} />}
    </>
  )
}
