import { CircleDashed, CircleHelp, Coins, TriangleAlert } from 'lucide-react'
import { Link } from 'react-router'
import { Shortened } from '../../components/shortened.tsx'
import { TimeText } from '../../components/time-text.tsx'
import { Unknown } from '../../components/unknown.tsx'
import { formatDateTime, formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { modelName } from '../../upscayl/models.ts'
import type { LedgerRow } from '../../watchlist/ledger.ts'
import { ODDITY_WORDS } from '../oddity-words.ts'

const STATES = {
  deducted: { icon: Coins, word: 'Deducted', ink: 'text-ink' },
  outstanding: { icon: CircleDashed, word: 'Not deducted', ink: 'text-muted' },
  unknown: { icon: CircleHelp, word: 'Not reported', ink: 'text-muted' },
} as const

const CELL = 'border-t border-line px-3 py-2.5 align-top first:pl-5 last:pr-5'

/** One task. On a phone the first cell tells all but the credits. */
export function LedgerTableRow({ row }: { readonly row: LedgerRow }) {
  const { taskId: id, name, odd } = row
  return (
    <tr>
      <th scope="row" className={`${CELL} text-left font-normal`}>
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
          <MadeWith row={row} />
          <FirstSeen row={row} />
        </div>
        {odd.map((oddity) => (
          <p key={oddity} className="mt-1 flex gap-1.5 text-sm text-pretty text-warn">
            <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
            {ODDITY_WORDS[oddity]}
          </p>
        ))}
      </th>
      <td className={`${CELL} text-sm max-md:hidden`}>
        <MadeWith row={row} />
      </td>
      <td className={`${CELL} text-sm max-md:hidden`}>
        <FirstSeen row={row} />
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

function MadeWith({ row: { model, scale } }: CellProps) {
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

function FirstSeen({ row: { state, at, question } }: CellProps) {
  if (at === null) {
    return <Unknown why={state === 'deducted' ? 'time not known' : 'no deduction seen'} />
  }
  return (
    <span>
      <TimeText at={at} className="whitespace-nowrap">
        {formatDateTime(at)}
      </TimeText>
      {question === null ? null : (
        <span className="text-muted md:mt-0.5 md:block"> at question {formatNumber(question)}</span>
      )}
    </span>
  )
}

function Amount({ row: { state, amount } }: CellProps) {
  const { icon: Icon, word, ink } = STATES[state]
  return (
    <>
      <span
        className={`block [overflow-wrap:anywhere] ${ink} ${state === 'deducted' ? 'font-medium' : ''}`}
      >
        {amount === null ? <Unknown why="no amount" /> : formatNumber(amount)}
      </span>
      <span className="mt-0.5 inline-flex items-center gap-1 text-xs whitespace-nowrap text-muted">
        <Icon aria-hidden size={12} className="shrink-0" />
        {word}
      </span>
    </>
  )
}
