import { Printer } from 'lucide-react'
import { type ReactNode, useCallback, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Segmented } from '../../components/choice.tsx'
import { deferred } from '../../components/deferred.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { plural } from '../../lib/format.ts'
import type { SeenTask } from '../../snapshot/snapshot.ts'
import type { Seen } from './make-snapshot-link.ts'
import { PlainPanel, taskUrl } from './plain-panel.tsx'
import { SnapshotPanel } from './snapshot-panel.tsx'

/** Loaded when it is printed: with it comes what draws the QR code. */
const PrintSheet = deferred(async () => (await import('./print-sheet.tsx')).PrintSheet)

type Kind = 'plain' | 'live' | 'snapshot'

const ONE = [
  { value: 'plain', label: 'Task link' },
  { value: 'live', label: 'Live link' },
  { value: 'snapshot', label: 'Snapshot' },
] as const satisfies readonly { value: Kind; label: string }[]
const SEVERAL = [
  { value: 'plain', label: 'List link' },
  { value: 'snapshot', label: 'Snapshot' },
] as const satisfies readonly { value: Kind; label: string }[]

export interface ShareDialogProps {
  readonly seen: Seen
  /** The panel of live links: drawn, and so the server asked, when it is chosen. Null for several tasks. */
  readonly live: ReactNode
  readonly onClose: () => void
}

/** The ways to show a task, or some, to somebody else. */
export function ShareDialog({ seen, live, onClose }: ShareDialogProps) {
  const [kind, setKind] = useState<Kind>('plain')
  const { origin, tasks } = seen
  const [only] = tasks.length === 1 ? tasks : []
  return (
    <Dialog
      title={only === undefined ? `Share ${plural(tasks.length, 'task')}` : 'Share this task'}
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
        {kind === 'plain' ? <PlainPanel origin={origin} ids={tasks.map(({ id }) => id)} /> : null}
        {kind === 'snapshot' ? <SnapshotPanel seen={seen} /> : null}
        {kind === 'live' ? live : null}
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
      <Button
        look="quiet"
        className="-ml-3"
        icon={<Printer aria-hidden size={15} />}
        onClick={() => setPrinting(true)}
      >
        Print as one page
      </Button>
      {printing ? (
        <PrintSheet taskId={task.id} record={task.record} url={url} onPrinted={printed} />
      ) : null}
    </div>
  )
}
