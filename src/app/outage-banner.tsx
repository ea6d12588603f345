import { CloudOff, RotateCw } from 'lucide-react'
import { useEffect } from 'react'
import { retryServer, watchServer } from '../api/server-health.ts'
import { serverDown } from '../api/server-signals.ts'
import { saysOffline } from '../lib/browser/network.ts'
import { useReading } from '../lib/clock.ts'
import { until } from '../lib/format.ts'
import { useStore } from '../lib/store.ts'
import { Button } from '../ui/button.tsx'

/** Says on every page that nothing on it is up to date, while Loupe's own server does not respond. */
export function OutageBanner() {
  const down = useStore(serverDown)
  useEffect(watchServer, [])
  return (
    <div role="status" className="sticky top-0 z-20">
      {down === null ? null : <Outage retryAt={down.retryAt} />}
    </div>
  )
}

interface OutageProps {
  readonly retryAt: number | null
}

export function Outage({ retryAt }: OutageProps) {
  const wait = useReading(until, retryAt)
  return (
    <div className="border-b border-warn/30 bg-warn-soft text-sm">
      <div className="mx-auto flex min-h-11 max-w-[70rem] flex-wrap items-center gap-x-3 px-4 py-1 sm:px-6">
        <p className="flex items-center gap-2 font-medium">
          <CloudOff size={16} className="shrink-0 text-warn" />
          {saysOffline() ? 'You’re offline.' : 'Can’t reach the Loupe server.'}
        </p>
        {/* Not announced each second. */}
        <p aria-hidden className="text-muted">
          {retryAt === null || wait === 'now' ? 'Retrying…' : `Retrying ${wait}`}
        </p>
        <Button look="quiet" icon={RotateCw} onClick={retryServer} className="ml-auto">
          Retry now
        </Button>
      </div>
    </div>
  )
}
