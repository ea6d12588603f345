import type { ApiKey } from '../../session/api-key.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { LivePanel } from './live-panel.tsx'
import type { Seen } from './make-snapshot-link.ts'
import { ShareDialog } from './share-dialog.tsx'
import { useLiveLinks } from './use-live-links.ts'

interface ShareProps {
  readonly apiKey: ApiKey
  readonly seen: Seen
  readonly onClose: () => void
}

/** The dialog of sharing, with the server's live links. */
export function Share({ apiKey, seen, onClose }: ShareProps) {
  const { origin, tasks } = seen
  const [only] = tasks.length === 1 ? tasks : []
  return (
    <ShareDialog
      seen={seen}
      live={only === undefined ? null : <Live apiKey={apiKey} origin={origin} taskId={only.id} />}
      onClose={onClose}
    />
  )
}

interface LiveProps {
  readonly apiKey: ApiKey
  readonly origin: string
  readonly taskId: TaskId
}

function Live({ apiKey, origin, taskId }: LiveProps) {
  return <LivePanel origin={origin} taskId={taskId} links={useLiveLinks(apiKey)} />
}
