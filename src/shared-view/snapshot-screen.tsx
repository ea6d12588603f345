import { History } from 'lucide-react'
import { useReading } from '../lib/clock.ts'
import { ago, formatDateTime, formatNumber, plural } from '../lib/format.ts'
import type { Snapshot } from '../sharing/snapshot.ts'
import { TimeText } from '../ui/time-text.tsx'
import { Banner } from './banner.tsx'
import { SharedList } from './shared-list.tsx'
import { SharedHeading } from './shared-parts.tsx'
import { SharedTask } from './shared-task.tsx'

/** Content of a snapshot, for its recipient and for the sender's preview. */
export function SnapshotScreen({ snapshot }: { readonly snapshot: Snapshot }) {
  const { at, tasks, leftOut, shown } = snapshot
  const [only] = tasks
  const one = tasks.length === 1 && only !== undefined ? only : null
  return (
    <>
      <Banner icon={History}>
        <AsSeen at={one?.record.seenAt ?? at} />
        {leftOut === 0 ? null : (
          <p>
            {formatNumber(leftOut)} more {leftOut === 1 ? 'task' : 'tasks'} didn’t fit into the
            link.
          </p>
        )}
        {one !== null || shown.credits ? null : <p>Credits weren’t shared.</p>}
      </Banner>
      {one === null ? (
        <>
          <h1 className="text-xl font-semibold tracking-tight">{plural(tasks.length, 'task')}</h1>
          <SharedList tasks={tasks} shown={shown} />
        </>
      ) : (
        <>
          <SharedHeading task={one} />
          <SharedTask seen={one} shown={shown} />
        </>
      )}
    </>
  )
}

/** Time of the snapshot (epoch ms), and that it no longer updates. */
const AsSeen = ({ at }: { readonly at: number }) => (
  <>
    <p>
      <span className="text-ink">
        Snapshot from <TimeText at={at}>{formatDateTime(at)}</TimeText> ({useReading(ago, at)}).
      </span>{' '}
      It does not update.
    </p>
    <p>Anyone can make such a link. Its content isn’t verified.</p>
  </>
)
