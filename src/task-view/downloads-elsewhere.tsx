import { useEffect } from 'react'
import { useLocation } from 'react-router'
import { isSamePage, markSeen, type UnderWay, underWay } from '../downloads/in-progress.ts'
import { formatNumber, plural } from '../lib/format.ts'
import { useStore } from '../lib/store.ts'
import { buttonClass } from '../ui/button.tsx'
import { Link } from '../ui/link.tsx'

/** Downloads of pages that were left, and their failures since. */
export function DownloadsElsewhere() {
  const all = useStore(underWay)
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
          {describe(one)}
          <Link to={one.address} className={buttonClass('quiet')}>
            Show
          </Link>
        </p>
      ))}
    </div>
  )
}

function describe({ running, failed }: UnderWay): string {
  if (running === 0) return `${plural(failed, 'download')} failed`
  const progressText = `${plural(running, 'download')} in progress`
  return failed === 0 ? progressText : `${progressText}, ${formatNumber(failed)} failed`
}
