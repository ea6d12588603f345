import { ChevronDown, Ellipsis, LoaderCircle, Pause, RefreshCw, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Quota, type QuotaStatus, quotaStatus } from '../../core/quota/quota.ts'
import { searchKeys } from '../lib/browser/platform.ts'
import { type Reading, useReading } from '../lib/clock.ts'
import { formatNumber } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import { DEFAULT_QUERY, writeListQuery } from '../tasks/list-query.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Link } from '../ui/link.tsx'
import { Menu } from '../ui/menu.tsx'
import { barItemClass } from './header.tsx'

interface HeaderToolsProps {
  readonly running: number
  readonly quota: Quota
  readonly paused: boolean
  /** The key's last four characters. */
  readonly keyEnd: string
  readonly onSearch: () => void
  readonly onQuota: () => void
  /** Items of the key's menu. */
  readonly menu: ReactNode
}

/** Right half of the header with a key. */
export function HeaderTools(props: HeaderToolsProps) {
  const { running, quota, paused, keyEnd, onSearch, onQuota, menu } = props
  return (
    <>
      <button
        type="button"
        onClick={onSearch}
        aria-label="Search or paste an ID"
        aria-keyshortcuts="Meta+K Control+K /"
        className="inline-flex min-h-9 min-w-9 items-center justify-center gap-2 rounded-lg text-sm text-muted transition-colors hover:text-ink max-lg:hover:bg-sunken lg:mr-2 lg:w-60 lg:justify-start lg:border lg:border-line lg:bg-page lg:px-3 lg:hover:border-line-strong"
      >
        <Search size={16} className="shrink-0" />
        <span className="max-lg:hidden">Search or paste an ID</span>
        <kbd className="ml-auto text-xs max-lg:hidden">{searchKeys()}</kbd>
      </button>
      {running === 0 ? null : <Running count={running} />}
      <ChecksLeft quota={quota} paused={paused} onOpen={onQuota} />
      <Menu
        trigger={(props) => (
          <Button
            {...props}
            look="quiet"
            aria-label={`API key ••${keyEnd}`}
            title={`API key ending in ${keyEnd}`}
            className="px-2! font-mono max-sm:hidden"
          >
            ••{keyEnd}
            <ChevronDown size={14} />
          </Button>
        )}
      >
        {menu}
      </Menu>
    </>
  )
}

const RUNNING_URL = `${paths.home}?${writeListQuery({ ...DEFAULT_QUERY, groups: ['new', 'running'] })}`

const Running = ({ count }: { readonly count: number }) => (
  <Link
    to={RUNNING_URL}
    aria-label={`${formatNumber(count)} running`}
    className={`${buttonClass('quiet')} px-2!`}
  >
    <LoaderCircle size={16} className="text-accent motion-safe:animate-spin" />
    <span>
      {formatNumber(count)}
      <span className="max-lg:hidden"> running</span>
    </span>
  </Link>
)

/** From here on it is worth a colour. */
const FEW = 15

interface ChecksLeftProps {
  readonly quota: Quota
  readonly paused: boolean
  readonly onOpen: () => void
}

/** Checks left this hour, or in the window that is full; opens the pause and the limit. */
function ChecksLeft({ quota, paused, onOpen }: ChecksLeftProps) {
  const { left, limit } = useReading(checksLeft, quota)
  if (paused || left === null) {
    return (
      <Button
        look="quiet"
        onClick={onOpen}
        aria-label={paused ? 'Checks paused' : 'No limit of checks'}
        icon={paused ? Pause : RefreshCw}
        className="px-2!"
      >
        {paused ? 'Paused' : 'No limit'}
      </Button>
    )
  }
  const name = `${formatNumber(left)} of ${formatNumber(limit ?? left)} checks left`
  return (
    <Button
      look="quiet"
      onClick={onOpen}
      aria-label={name}
      title={name}
      icon={RefreshCw}
      className={`px-2! ${left < FEW ? 'text-warn!' : ''}`}
    >
      {formatNumber(left)}
    </Button>
  )
}

function checksLeft(quota: Quota, now: number): Reading<Pick<QuotaStatus, 'left' | 'limit'>> {
  const { left, limit, nextAt, blockedUntil } = quotaStatus(quota, now)
  return {
    value: { left: blockedUntil === null ? left : 0, limit },
    changesAt: blockedUntil ?? nextAt,
  }
}

/** The last place of the bar of narrow pages. */
export const MoreMenu = ({ children }: { readonly children: ReactNode }) => (
  <Menu
    trigger={(props) => (
      <button {...props} type="button" className={barItemClass}>
        <Ellipsis size={20} />
        More
      </button>
    )}
  >
    {children}
  </Menu>
)
