import { useEffect, useSyncExternalStore } from 'react'
import { Link, useLocation } from 'react-router'
import { buttonClass } from '../components/button.tsx'
import {
  isSamePage,
  markSeen,
  subscribeToUnderWay,
  type UnderWay,
  underWay,
} from '../files/under-way.ts'
import { formatNumber, plural } from '../lib/format.ts'

/** What is fetched for pages that were left, and what of it failed since. */
export function DownloadsElsewhere() {
  const all = useSyncExternalStore(subscribeToUnderWay, underWay, underWay)
  const { pathname, search, hash } = useLocation()
  const here = pathname + search + hash
  useEffect(() => markSeen(here), [here])
  return <DownloadLines downloads={all.filter(({ address }) => !isSamePage(address, here))} />
}

export function DownloadLines({ downloads }: { readonly downloads: readonly UnderWay[] }) {
  return (
    <div role="status" className="grid gap-2">
      {downloads.map((one) => (
        <p
          key={one.address}
          className="mt-1 flex flex-wrap items-center justify-between gap-3 rounded-xl border border-line bg-surface py-1.5 pr-1.5 pl-4 text-sm"
        >
          {wordsOf(one)}
          <Link to={one.address} className={buttonClass('quiet')}>
            Show
          </Link>
        </p>
      ))}
    </div>
  )
}

function wordsOf({ running, failed }: UnderWay): string {
  if (running === 0) return `${plural(failed, 'download')} failed`
  const going = `${plural(running, 'download')} in progress`
  return failed === 0 ? going : `${going}, ${formatNumber(failed)} failed`
}
