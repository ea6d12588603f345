// biome-ignore-all lint/a11y/useSemanticElements: the parts of a <table> can neither be drawn in part nor become cards
// biome-ignore-all lint/a11y/useFocusableInteractive: a row is the stop of the keyboard, as the ARIA pattern of a grid allows

import { Circle, CircleSlash, ImageOff } from 'lucide-react'
import { memo, useState } from 'react'
import { Link } from 'react-router'
import { Shortened } from '../../components/shortened.tsx'
import { useSteadyUrls } from '../../components/use-steady-urls.ts'
import { formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { ProgressBar } from '../../task-view/progress-bar.tsx'
import { StatusBadge } from '../../task-view/status-badge.tsx'
import type { ApiErrorKind } from '../../upscayl/errors.ts'
import { modelName } from '../../upscayl/models.ts'
import { isTerminal, type Task } from '../../upscayl/task.ts'
import type { Entry } from '../../watchlist/entry.ts'
import { groupOf, nameOf, thumbnailOf } from '../../watchlist/row.ts'
import { GRID } from './columns.ts'
import { Nothing } from './nothing.tsx'
import { Checked, Ends } from './row-times.tsx'

interface TaskRowProps {
  readonly entry: Entry
  readonly selected: boolean
  /** A question about it is under way. */
  readonly asking: boolean
  readonly onSelect: (entry: Entry, range: boolean) => void
}

const CELL = 'min-w-0 @max-table:has-data-nothing:hidden'

/** The cells of one task: a row of the table, or a card where there is no room for one. */
export const TaskCells = memo(function TaskCells({
  entry,
  selected,
  asking,
  onSelect,
}: TaskRowProps) {
  const { id, record } = entry
  const { task } = record
  const name = nameOf(entry)
  return (
    <div className={`${GRID} min-h-16 px-4 py-2.5`}>
      <div role="gridcell" className="z-10 col-start-3 row-start-1 @table:col-start-auto">
        <label className="-m-2.5 flex size-11 cursor-pointer items-center justify-center">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={selected}
            onChange={() => {}}
            onClick={({ shiftKey }) => onSelect(entry, shiftKey)}
            aria-label={`Select ${name ?? id}`}
            className="size-4 accent-accent"
          />
        </label>
      </div>
      <div role="gridcell" className="row-span-3 self-start @table:row-span-1">
        <Thumbnail src={thumbnailOf(entry)} />
      </div>
      <div role="gridcell" className="min-w-0">
        <Link
          to={paths.task(id)}
          tabIndex={-1}
          className="block truncate font-medium after:absolute after:inset-0"
        >
          {name === null ? (
            <Shortened text={id} length={24} className="font-mono font-normal" />
          ) : (
            <bdi title={name}>{name}</bdi>
          )}
        </Link>
        {name === null ? null : (
          <p className="truncate font-mono text-xs text-muted">
            <Shortened text={id} length={24} />
          </p>
        )}
      </div>
      <div className="col-span-2 col-start-2 flex items-center gap-3 @table:contents">
        <div role="gridcell" className="min-w-0">
          <Status entry={entry} />
        </div>
        <div role="gridcell" className={`${CELL} flex-1`}>
          <Progress task={task} />
        </div>
      </div>
      <div className="col-span-2 col-start-2 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm @table:contents">
        <div role="gridcell" className={CELL}>
          <MadeWith task={task} />
        </div>
        <div role="gridcell" className={`${CELL} @table:text-right`}>
          <CreditsCell task={task} />
        </div>
        <div role="gridcell" className={`${CELL} @table:text-right`}>
          <FilesCell task={task} />
        </div>
        <div role="gridcell" className={CELL}>
          <Ends entry={entry} />
        </div>
        <div role="gridcell" className={`${CELL} text-muted`}>
          {asking ? 'Asking…' : <Checked at={record.failure?.at ?? record.seenAt} />}
        </div>
      </div>
    </div>
  )
})

/** What the picture is of is said by its name. */
function Thumbnail({ src: newest }: { readonly src: string | null }) {
  const [broken, setBroken] = useState<string | null>(null)
  const { of: steady, onFailed } = useSteadyUrls()
  const src = newest === null ? null : steady('', newest)
  if (src === null || src === broken) {
    return (
      <span className="flex size-11 items-center justify-center rounded-lg bg-sunken text-muted">
        <ImageOff aria-hidden size={16} />
      </span>
    )
  }
  return (
    // Nothing behind it: what shines through its round corners depends on when it was decoded.
    <img
      src={src}
      alt=""
      width={44}
      height={44}
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => {
        setBroken(src)
        onFailed(src)
      }}
      className="size-11 rounded-lg object-cover"
    />
  )
}

const REFUSALS: Readonly<Partial<Record<ApiErrorKind, string>>> = {
  missing: 'No such task',
  key: 'Key refused',
  credits: 'No credits',
}

function Status({ entry }: { readonly entry: Entry }) {
  const { task, failure } = entry.record
  const group = groupOf(entry)
  if (group === 'refused') {
    const words = REFUSALS[failure?.error.kind ?? 'rejected'] ?? 'Refused'
    return <Badge icon={CircleSlash} ink="text-warn bg-warn-soft" words={words} />
  }
  if (task === null) {
    const words = failure === null ? 'Not asked yet' : 'No answer yet'
    return <Badge icon={Circle} ink="text-muted bg-sunken" words={words} />
  }
  return <StatusBadge task={task} />
}

interface BadgeProps {
  readonly icon: typeof Circle
  readonly ink: string
  readonly words: string
}

const Badge = ({ icon: Icon, ink, words }: BadgeProps) => (
  <span
    className={`inline-flex min-h-7 items-center gap-1.5 rounded-[0.875rem] px-2.5 py-0.5 text-sm font-medium ${ink}`}
  >
    <Icon aria-hidden size={15} className="shrink-0" />
    {words}
  </span>
)

function Progress({ task }: { readonly task: Task | null }) {
  if (task === null) return <Nothing />
  if (isTerminal(task)) {
    return task.progress === null ? (
      <Nothing />
    ) : (
      <span className="text-sm text-muted @max-table:hidden">
        {`${formatNumber(task.progress)} %`}
      </span>
    )
  }
  return (
    <div className="flex items-center gap-2">
      <div className="min-w-12 flex-1">
        <ProgressBar task={task} estimate={null} />
      </div>
      <span className="w-10 text-right text-sm text-muted">
        {task.progress === null ? '—' : `${formatNumber(Math.floor(task.progress))} %`}
      </span>
    </div>
  )
}

function MadeWith({ task }: { readonly task: Task | null }) {
  if (task === null) return <Nothing />
  const { model, scale } = task.settings
  if (model === null && scale === null) return <Nothing />
  return (
    <span className="flex min-w-0 gap-1.5">
      {model === null ? (
        '—'
      ) : (
        <span className="truncate" title={modelName(model)}>
          {modelName(model)}
        </span>
      )}
      {scale === null ? null : (
        <span className="shrink-0 text-muted">
          {scale.kind === 'known' ? `${scale.factor}×` : <Shortened text={scale.text} length={8} />}
        </span>
      )}
    </span>
  )
}

/** Before the end nothing is owed, and a number that is not deducted would look like a price. */
function CreditsCell({ task }: { readonly task: Task | null }) {
  const { state, amount } = task?.credits ?? { state: 'unknown', amount: null }
  const confirmed = state === 'deducted'
  if (amount === null || (!confirmed && (task?.kind !== 'processed' || amount === 0))) {
    return <Nothing />
  }
  return (
    <span
      className={confirmed ? '' : 'text-muted'}
      title={confirmed ? 'Deducted' : 'Not confirmed'}
    >
      {formatNumber(amount)}
      {confirmed ? null : <span aria-hidden>?</span>}
      <span className="@table:sr-only">{amount === 1 ? ' credit' : ' credits'}</span>
      {confirmed ? null : <span className="sr-only">, not confirmed</span>}
    </span>
  )
}

function FilesCell({ task }: { readonly task: Task | null }) {
  if (task === null || !isTerminal(task)) return <Nothing />
  const n = task.files.length
  return (
    <span>
      {formatNumber(n)}
      <span className="@table:sr-only">{n === 1 ? ' file' : ' files'}</span>
    </span>
  )
}
