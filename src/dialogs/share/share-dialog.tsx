import { Printer } from 'lucide-react'
import { type ReactNode, useCallback, useState } from 'react'
import { plural } from '../../lib/format.ts'
import type { ApiKey } from '../../session/api-key.ts'
import type { SeenTask } from '../../sharing/snapshot.ts'
import { taskTitle } from '../../tasks/task-title.ts'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/choice.tsx'
import { deferred } from '../../ui/deferred.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { LivePanel } from './live-panel.tsx'
import type { Seen } from './make-snapshot-link.ts'
import { PrivatePanel, taskUrl } from './private-panel.tsx'
import { SnapshotPanel } from './snapshot-panel.tsx'
import { useLiveLinks } from './use-live-links.ts'

/** Loaded when printing: it includes the QR code renderer. */
const PrintSheet = deferred(async () => (await import('./print-sheet.tsx')).PrintSheet)

type Kind = 'public' | 'snapshot' | 'private'

const ONE = [
  { value: 'public', label: 'Public link' },
  { value: 'snapshot', label: 'Snapshot' },
  { value: 'private', label: 'Private link' },
] as const satisfies readonly { value: Kind; label: string }[]
const SEVERAL = ONE.filter(({ value }) => value !== 'public')

export interface ShareDialogProps {
  readonly seen: Seen
  /**
   * Public links, rendered only when selected, since that sends a request. Null for several tasks.
   */
  readonly live: ReactNode
  readonly onClose: () => void
}

/** The ways to share one or several tasks. */
export function ShareDialog({ seen, live, onClose }: ShareDialogProps) {
  const { origin, tasks } = seen
  const [only] = tasks.length === 1 ? tasks : []
  const [kind, setKind] = useState<Kind>(only === undefined ? 'snapshot' : 'public')
  return (
    <Dialog
      title={`Share ${only === undefined ? plural(tasks.length, 'task') : taskTitle(only)}`}
      open
      onClose={onClose}
      width="wide"
    >
      <Segmented
        label="Kind of link"
        options={only === undefined ? SEVERAL : ONE}
        value={kind}
        onChange={setKind}
      />
      <div className="mt-4">
        {kind === 'private' ? (
          <PrivatePanel origin={origin} ids={tasks.map(({ id }) => id)} />
        ) : null}
        {kind === 'snapshot' ? <SnapshotPanel seen={seen} /> : null}
        {kind === 'public' ? live : null}
      </div>
      {only === undefined ? null : <PrintLine task={only} url={taskUrl(origin, only.id)} />}
    </Dialog>
  )
}

function PrintLine({ task, url }: { readonly task: SeenTask; readonly url: string }) {
  const [printing, setPrinting] = useState(false)
  const printed = useCallback(() => setPrinting(false), [])
  return (
    <div className="mt-5 border-t border-line pt-3">
      <Button look="quiet" className="-ml-3" icon={Printer} onClick={() => setPrinting(true)}>
        Print summary
      </Button>
      {printing ? (
        <PrintSheet taskId={task.id} record={task.record} url={url} onPrinted={printed} />
      ) : null}
    </div>
  )
}

interface ShareProps {
  readonly apiKey: ApiKey
  readonly seen: Seen
  readonly onClose: () => void
}

/** Share dialog with the server's public links. */
export function Share({ apiKey, seen, onClose }: ShareProps) {
  const { origin, tasks } = seen
  const [only] = tasks.length === 1 ? tasks : []
  return (
    <ShareDialog
      seen={seen}
      live={only === undefined ? null : <Live apiKey={apiKey} origin={origin} task={only} />}
      onClose={onClose}
    />
  )
}

interface LiveProps {
  readonly apiKey: ApiKey
  readonly origin: string
  readonly task: Seen['tasks'][number]
}

function Live({ apiKey, origin, task }: LiveProps) {
  const links = useLiveLinks(apiKey, { origin, task })
  return <LivePanel origin={origin} taskId={task.id} title={taskTitle(task)} links={links} />
}
