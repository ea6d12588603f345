import { CircleDashed, CircleHelp, Coins, Image, TriangleAlert } from 'lucide-react'
import { modelName } from '../../../core/api/models.ts'
import { ANOMALY_TEXT } from '../../../core/record/anomaly-text.ts'
import { formatDateTime, formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { LedgerRow } from '../../tasks/ledger.ts'
import { Link } from '../../ui/link.tsx'
import { Shortened } from '../../ui/shortened.tsx'
import { Thumbnail } from '../../ui/thumbnail.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Unknown } from '../../ui/unknown.tsx'

const STATES = {
  deducted: { icon: Coins, word: 'Deducted', ink: 'text-ink' },
  outstanding: { icon: CircleDashed, word: 'Pending', ink: 'text-muted' },
  unknown: { icon: CircleHelp, word: 'Not reported', ink: 'text-muted' },
} as const

const CELL =
  'border-t border-line px-3 py-2.5 align-middle first:pl-5 last:pr-5 max-md:align-top max-md:first:pr-1 max-md:last:pl-1'

/** One task. On a phone the first cell shows everything but the credits. */
export function LedgerTableRow({ row, thumb }: CellProps & { readonly thumb: string | null }) {
  const { taskId: id, name, anomalies } = row
  return (
    <tr>
      <th scope="row" className={`${CELL} text-left font-normal`}>
        <div className="flex gap-2 md:gap-3">
          <Thumbnail url={thumb} lazy className="size-10 rounded-lg">
            <Image size={16} strokeWidth={1.5} />
          </Thumbnail>
          <div className="min-w-0 self-center">
            <Link
              to={paths.task(id)}
              title={name ?? id}
              className="rounded-sm font-medium [overflow-wrap:anywhere] hover:underline hover:underline-offset-4"
            >
              {name === null ? (
                <Shortened text={id} length={22} className="font-mono text-sm" />
              ) : (
                <Shortened text={name} length={48} />
              )}
            </Link>
            <div className="mt-0.5 grid gap-0.5 text-sm text-muted md:hidden">
              <RowSettings row={row} />
              <ChargedAt row={row} />
            </div>
          </div>
        </div>
        {anomalies.map((anomaly) => (
          <p key={anomaly} className="mt-1 flex gap-1.5 text-sm text-pretty text-warn md:pl-13">
            <TriangleAlert size={14} className="mt-0.5 shrink-0" />
            {ANOMALY_TEXT[anomaly]}
          </p>
        ))}
      </th>
      <td className={`${CELL} text-sm max-md:hidden`}>
        <RowSettings row={row} />
      </td>
      <td className={`${CELL} text-sm max-md:hidden`}>
        <ChargedAt row={row} />
      </td>
      <td className={`${CELL} text-right`}>
        <Amount row={row} />
      </td>
    </tr>
  )
}

interface CellProps {
  readonly row: LedgerRow
}

function RowSettings({ row: { model, scale } }: CellProps) {
  if (model === null && scale === null) return <Unknown why="model not reported" />
  return (
    <span className="[overflow-wrap:anywhere]">
      {model === null ? <Unknown why="model not reported" /> : modelName(model)}
      {scale === null ? null : (
        <span className="text-muted">
          {' · '}
          {scale.kind === 'known' ? `${scale.factor}×` : scale.text}
        </span>
      )}
    </span>
  )
}

function ChargedAt({ row: { state, at } }: CellProps) {
  return at === null ? (
    <Unknown why={state === 'deducted' ? 'time not reported' : 'not charged yet'} />
  ) : (
    <TimeText at={at} className="md:whitespace-nowrap">
      {formatDateTime(at)}
    </TimeText>
  )
}

function Amount({ row: { state, amount } }: CellProps) {
  const { icon: Icon, word, ink } = STATES[state]
  return (
    <>
      <span
        className={`block [overflow-wrap:anywhere] ${ink} ${state === 'deducted' ? 'font-medium' : ''}`}
      >
        {amount === null ? <Unknown why="amount not reported" /> : formatNumber(amount)}
      </span>
      <span className="mt-0.5 inline-flex items-center gap-1 text-xs whitespace-nowrap text-muted">
        <Icon size={12} className="shrink-0" />
        {word}
      </span>
    </>
  )
}
