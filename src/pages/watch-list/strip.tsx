import { CircleCheck, CircleDashed, CircleX, ClockAlert, Coins, Pause, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Button } from '../../components/button.tsx'
import { Unknown } from '../../components/unknown.tsx'
import { formatNumber } from '../../lib/format.ts'
import type { Asking } from '../../polling/use-task-status.ts'
import { AllowanceButton } from '../allowance/allowance-button.tsx'

/** What the table can be narrowed to from here. */
export type StripFilter = 'running' | 'done' | 'failed' | 'expiring'

const TILES = [
  { filter: 'running', label: 'Running', icon: CircleDashed, ink: 'text-accent' },
  { filter: 'done', label: 'Done', icon: CircleCheck, ink: 'text-good' },
  { filter: 'failed', label: 'Failed', icon: CircleX, ink: 'text-bad' },
  { filter: 'expiring', label: 'Expiring in 24 h', icon: ClockAlert, ink: 'text-warn' },
] as const satisfies { filter: StripFilter; label: string; icon: typeof Coins; ink: string }[]

interface StripProps {
  readonly counts: Readonly<Record<StripFilter, number>>
  readonly creditsToday: {
    readonly amount: number
    /** Deductions of today whose amount the API did not name. */
    readonly unknown: number
  }
  readonly asking: Asking
  /** What the table is narrowed to; null for nothing that stands here. */
  readonly chosen: StripFilter | null
  /** The address of the list so narrowed; null for the whole list. */
  readonly hrefOf: (filter: StripFilter | null) => string
}

/** The list in five numbers, and what may still be asked. */
export function Strip({ counts, creditsToday, asking, chosen, hrefOf }: StripProps) {
  return (
    <section
      aria-label="Summary"
      className="@container overflow-hidden rounded-xl border border-line bg-surface"
    >
      {/* The lines between the tiles are the ground that shows through. */}
      <div className="grid grid-cols-2 gap-px bg-line @xl:grid-cols-5">
        {TILES.map(({ filter, ...look }) => (
          <FilterTile
            key={filter}
            {...look}
            count={counts[filter]}
            chosen={filter === chosen}
            href={hrefOf(filter === chosen ? null : filter)}
          />
        ))}
        <CreditsTile {...creditsToday} />
      </div>
      <AllowanceBar asking={asking} />
    </section>
  )
}

const TILE = 'flex min-w-0 flex-col gap-1 bg-surface px-4 py-3'

interface TileTextProps {
  readonly icon: typeof Coins
  readonly label: string
  readonly ink: string
  readonly children: ReactNode
}

function TileText({ icon: Icon, label, ink, children }: TileTextProps) {
  return (
    <>
      <span className="flex items-center gap-1.5 text-sm text-muted">
        <Icon aria-hidden size={14} className={`shrink-0 ${ink}`} />
        {label}
      </span>
      <span className="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
        {children}
      </span>
    </>
  )
}

interface FilterTileProps extends Omit<TileTextProps, 'children'> {
  readonly count: number
  readonly chosen: boolean
  readonly href: string
}

function FilterTile({ count, chosen, href, ink, ...text }: FilterTileProps) {
  return (
    <Link
      to={href}
      aria-current={chosen ? 'true' : undefined}
      title={chosen ? 'Show the whole list again' : undefined}
      className={`${TILE} -outline-offset-2 transition-colors hover:bg-page aria-[current]:bg-accent-soft aria-[current]:shadow-[inset_0_-2px_var(--accent)]`}
    >
      <TileText {...text} ink={count === 0 ? 'text-muted' : ink}>
        <Quiet zero={count === 0}>{formatNumber(count)}</Quiet>
      </TileText>
    </Link>
  )
}

/** Nothing to see there: the number steps back. */
const Quiet = ({ zero, children }: { readonly zero: boolean; readonly children: ReactNode }) => (
  <span className={zero ? 'font-normal text-muted' : ''}>{children}</span>
)

function CreditsTile({ amount, unknown }: StripProps['creditsToday']) {
  return (
    <div className={`${TILE} @max-xl:col-span-2`}>
      <TileText icon={Coins} label="Credits today" ink="text-muted">
        {unknown > 0 && amount === 0 ? (
          <span className="font-normal tracking-normal">
            <Unknown why={`${formatNumber(unknown)} without an amount`} />
          </span>
        ) : (
          <span className="flex flex-wrap items-baseline gap-x-2">
            <Quiet zero={amount === 0}>{formatNumber(amount)}</Quiet>
            {unknown === 0 ? null : (
              <span className="text-xs font-normal tracking-normal text-muted">
                and {formatNumber(unknown)} unknown
              </span>
            )}
          </span>
        )}
      </TileText>
    </div>
  )
}

function AllowanceBar({ asking }: { readonly asking: Asking }) {
  const { paused, setPaused } = asking
  return (
    <div className="flex flex-wrap items-center border-t border-line p-1">
      <AllowanceButton asking={asking} />
      <Button
        look="quiet"
        onClick={() => setPaused(!paused)}
        icon={paused ? <Play aria-hidden size={15} /> : <Pause aria-hidden size={15} />}
        className={`ml-auto sm:order-2 ${paused ? 'text-accent!' : ''}`}
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
      {paused ? (
        <p className="px-3 text-sm text-muted max-sm:basis-full max-sm:pb-2 sm:order-1">
          Nothing is asked until you resume.
        </p>
      ) : null}
    </div>
  )
}
