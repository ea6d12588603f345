// biome-ignore-all lint/a11y/useSemanticElements: the parts of a <table> can neither be drawn in part nor become cards
// biome-ignore-all lint/a11y/useFocusableInteractive: a row is the stop of the keyboard, as the ARIA pattern of a grid allows

import { RotateCcw } from 'lucide-react'
import { memo } from 'react'
import { modelName } from '../../../core/api/models.ts'
import { isTerminal, type Task } from '../../../core/api/task.ts'
import { formatCredits, formatDimensions, formatFiles, formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { imageCount, imageNames, namesText } from '../../tasks/image-names.ts'
import { taskName, taskSettings, taskTitle } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { Link } from '../../ui/link.tsx'
import { Shortened } from '../../ui/shortened.tsx'
import { Tag } from '../../ui/tag.tsx'
import { GRID } from './columns.ts'
import { RowActions, type TaskActions } from './row-actions.tsx'
import { RowStatus } from './row-status.tsx'
import { Ends, Nothing } from './row-times.tsx'
import { TaskThumb } from './task-thumb.tsx'

interface TaskRowProps {
  readonly entry: TrackedTask
  /** What it runs again, in words; null for a task that is none. */
  readonly again: string | null
  readonly selected: boolean
  /** A check of it is in progress. */
  readonly checking: boolean
  readonly actions: TaskActions
}

/** Cells of one task: a table row, or a card on narrow screens. */
export const TaskCells = memo(function TaskCells(props: TaskRowProps) {
  const { entry, again, selected, checking, actions } = props
  const { task } = entry.record
  return (
    <div className={`${GRID} px-3 py-2 @table:min-h-17 @table:px-4`}>
      <div
        role="gridcell"
        className="z-10 @max-table:m-1 @max-table:self-start @max-table:justify-self-start @max-table:rounded @max-table:bg-surface @max-table:[grid-area:1/1] @max-table:not-in-data-selecting:pointer-coarse:hidden @max-table:not-in-data-selecting:pointer-fine:opacity-0 @max-table:group-hover/task:opacity-100! @table:self-center"
      >
        <SelectBox entry={entry} selected={selected} onSelect={actions.onSelect} />
      </div>
      <div
        role="gridcell"
        className="col-start-1 row-span-2 row-start-1 @table:col-start-auto @table:row-span-1"
      >
        <TaskThumb
          entry={entry}
          onThumb={actions.onThumb}
          className="size-16 rounded-lg @table:size-13"
        />
      </div>
      <div role="gridcell" className="min-w-0 self-end @table:self-center">
        <TaskLink entry={entry} className="after:absolute after:inset-0" />
        <Detail again={again} task={task} annotation={entry.annotation} />
      </div>
      <div className="col-start-2 flex min-w-0 flex-wrap items-center gap-x-2 self-start text-sm @table:contents">
        <div
          role="gridcell"
          className="max-w-full min-w-0 @max-table:in-data-running:grow @max-table:in-data-running:basis-36"
        >
          <RowStatus entry={entry} checking={checking} />
        </div>
        <div role="gridcell" className="min-w-0 text-muted @max-table:hidden">
          <SettingsCell entry={entry} />
        </div>
        <div
          role="gridcell"
          className="shrink-0 @max-table:has-data-nothing:hidden @max-table:text-muted @table:text-right"
        >
          <CreditsCell entry={entry} />
        </div>
        <div role="gridcell" className="min-w-0 @max-table:has-data-nothing:hidden @table:pl-3">
          <Ends entry={entry} />
        </div>
      </div>
      <div
        role="gridcell"
        className="z-10 col-start-3 row-span-2 row-start-1 @table:col-start-auto @table:row-span-1 @table:row-start-auto"
      >
        <RowActions entry={entry} actions={actions} />
      </div>
    </div>
  )
})

interface SelectBoxProps extends Pick<TaskRowProps, 'entry' | 'selected'> {
  readonly onSelect: TaskActions['onSelect']
  readonly tabIndex?: number
}

export const SelectBox = ({ entry, selected, onSelect, tabIndex = -1 }: SelectBoxProps) => (
  <label className="-m-3 flex size-11 cursor-pointer items-center justify-center">
    <input
      type="checkbox"
      tabIndex={tabIndex}
      checked={selected}
      onChange={() => {}}
      onClick={({ shiftKey }) => onSelect(entry, shiftKey)}
      aria-label={`Select ${taskTitle(entry)}`}
      className="size-4 accent-accent"
    />
  </label>
)

interface TaskLinkProps {
  readonly entry: TrackedTask
  readonly className: string
  readonly tabIndex?: number
}

/** The name of a task, or its ID, as a link to its page. */
export function TaskLink({ entry, className, tabIndex = -1 }: TaskLinkProps) {
  const title = taskTitle(entry)
  const names = imageNames(entry)
  return (
    <Link
      to={paths.task(entry.id)}
      tabIndex={tabIndex}
      className={`block truncate font-medium ${className}`}
    >
      {taskName(entry) === null ? (
        <Shortened text={entry.id} length={22} className="font-mono text-sm font-normal" />
      ) : (
        <bdi
          className="relative z-1"
          title={names.length > 1 ? namesText(names, imageCount(entry)) : title}
        >
          {title}
        </bdi>
      )}
    </Link>
  )
}

interface DetailProps extends Pick<TaskRowProps, 'again'> {
  readonly task: Task | null
  readonly annotation: TrackedTask['annotation']
}

/** As many as a row has room for. */
const MAX_TAGS = 2

/** What it runs again, labels, and the note, or else what the result is. */
function Detail({ again, task, annotation }: DetailProps) {
  const { labels, note } = annotation ?? { labels: [], note: '' }
  const text = note === '' ? resultText(task) : note
  // Where there is room for it.
  const isInWords = labels.length === 0 && text === null
  if (again === null && isInWords) return null
  const isOnlyResult = again === null && labels.length === 0 && note === ''
  return (
    <p
      className={`flex min-w-0 items-center gap-1 overflow-hidden text-xs text-muted ${isOnlyResult ? '@max-table:hidden' : ''}`}
    >
      {again === null ? null : (
        // Above the link that covers the row, which would take its tooltip.
        <span
          title={again}
          className={`relative z-10 flex items-center gap-1 ${isInWords ? 'min-w-0' : 'shrink-0'}`}
        >
          <RotateCcw size={12} className="shrink-0" />
          <span className={isInWords ? 'truncate' : 'sr-only'}>{again}</span>
        </span>
      )}
      {labels.slice(0, MAX_TAGS).map((label) => (
        <Tag key={label}>{label}</Tag>
      ))}
      {labels.length <= MAX_TAGS ? null : (
        <span className="shrink-0" title={labels.slice(MAX_TAGS).join(', ')}>
          +{labels.length - MAX_TAGS}
        </span>
      )}
      {text === null ? null : (
        <bdi className="min-w-0 flex-1 truncate" title={text}>
          {text}
        </bdi>
      )}
    </p>
  )
}

/** Size of the result in pixels, or how many files. */
function resultText(task: Task | null): string | null {
  if (task === null || !isTerminal(task)) return null
  const [first, ...others] = task.files
  if (first === undefined) return null
  return others.length > 0
    ? formatFiles(task.files.length)
    : first.dimensions && formatDimensions(first.dimensions)
}

function SettingsCell({ entry }: { readonly entry: TrackedTask }) {
  const { model, scale } = taskSettings(entry) ?? { model: null, scale: null }
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
        <span className="shrink-0">
          {scale.kind === 'known' ? `${scale.factor}×` : <Shortened text={scale.text} length={8} />}
        </span>
      )}
    </span>
  )
}

/** Credits deducted; before the end the expected ones, paler. */
function CreditsCell({ entry: { record } }: { readonly entry: TrackedTask }) {
  const { task, quotedCredits } = record
  const { state, amount } = task?.credits ?? { state: 'unknown', amount: null }
  if (state === 'deducted' && amount !== null) {
    return (
      <span title={`${formatCredits(amount)} deducted`}>
        {formatNumber(amount)}
        <CreditsWord amount={amount} />
      </span>
    )
  }
  const ended = task !== null && isTerminal(task)
  const expected = ended ? null : amount || quotedCredits
  if (expected !== null) {
    return (
      <span className="text-muted" title={`${formatCredits(expected)} expected`}>
        {formatNumber(expected)}
        <CreditsWord amount={expected} />
        <span className="sr-only"> expected</span>
      </span>
    )
  }
  if (task?.kind !== 'processed' || amount === null || amount === 0) return <Nothing />
  return (
    <span className="text-muted" title="Not confirmed">
      {formatNumber(amount)}
      <span aria-hidden>?</span>
      <CreditsWord amount={amount} />
      <span className="sr-only">, not confirmed</span>
    </span>
  )
}

/** The head of the column says it in the table. */
const CreditsWord = ({ amount }: { readonly amount: number }) => (
  <>
    <span className="sr-only">{amount === 1 ? ' credit' : ' credits'}</span>
    <span aria-hidden className="@table:hidden">
      {' cr'}
    </span>
  </>
)
