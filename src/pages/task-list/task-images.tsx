import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useLayoutEffect, useRef } from 'react'
import { formatPercent } from '../../lib/format.ts'
import { groupOf } from '../../tasks/task-group.ts'
import { taskThumb } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { noPart, Part } from '../../ui/part.tsx'
import { type TaskActions, TaskMenu } from './row-actions.tsx'
import { RowStatus } from './row-status.tsx'
import { SelectBox, TaskLink } from './task-row.tsx'
import { TaskThumb } from './task-thumb.tsx'
import { useLongPress } from './use-long-press.ts'
import { usePlaceInPage } from './use-place-in-page.ts'
import type { Selection } from './use-selection.ts'

interface TaskImagesProps {
  /** Visible tasks, in order. */
  readonly entries: readonly TrackedTask[]
  readonly selection: Selection
  /** Tasks being checked. */
  readonly checking: ReadonlySet<string>
  readonly actions: TaskActions
}

/** Side of an image and space between two, in pixels of a root of 16 px. */
const SIDE = 200
const GAP = 12
/** Height of the lines below an image. */
const CAPTION = 60
const OVERSCAN = 3
const inPixels = (width: number): number => width

/** The list as large images. Renders only those near the window. */
export function TaskImages({ entries, selection, checking, actions }: TaskImagesProps) {
  const box = useRef<HTMLUListElement>(null)
  const { top, rem, width } = usePlaceInPage(box, 0, inPixels)

  const scale = rem / 16
  const gap = GAP * scale
  const columns = Math.max(2, Math.floor((width + gap) / (SIDE * scale + gap)))
  const side = (width - gap * (columns - 1)) / columns
  const height = side + CAPTION * scale + gap
  const lines = useWindowVirtualizer({
    count: width === 0 ? 0 : Math.ceil(entries.length / columns),
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: top,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: measures again when the layout changes
  useLayoutEffect(() => lines.measure(), [height, columns])

  return (
    <ul
      ref={box}
      aria-label="Tasks"
      data-selecting={selection.some ? '' : undefined}
      className="relative"
      style={{ height: lines.getTotalSize() }}
    >
      {lines.getVirtualItems().flatMap(({ index: line, start }) =>
        entries.slice(line * columns, (line + 1) * columns).map((entry, column) => (
          <li
            key={entry.id}
            aria-setsize={entries.length}
            aria-posinset={line * columns + column + 1}
            className="absolute top-0 left-0"
            style={{
              width: side,
              transform: `translate(${column * (side + gap)}px, ${start - top}px)`,
            }}
          >
            <Part failed={noPart}>
              <Tile
                entry={entry}
                selected={selection.ids.has(entry.id)}
                checking={checking.has(entry.id)}
                actions={actions}
              />
            </Part>
          </li>
        )),
      )}
    </ul>
  )
}

interface TileProps extends Pick<TaskImagesProps, 'actions'> {
  readonly entry: TrackedTask
  readonly selected: boolean
  readonly checking: boolean
}

const Tile = memo(function Tile({ entry, selected, checking, actions }: TileProps) {
  const press = useLongPress(() => actions.onSelect(entry, false))
  const isRunning = groupOf(entry) === 'running'
  return (
    <div
      {...press}
      className="group/task relative pointer-coarse:select-none pointer-coarse:[-webkit-touch-callout:none]"
    >
      <div
        className={`relative overflow-hidden rounded-xl border ${selected ? 'border-accent outline-2 outline-accent' : 'border-line'}`}
      >
        <TaskThumb
          entry={entry}
          onThumb={actions.onThumb}
          hasIcon={!isRunning}
          className="flex! aspect-square w-full"
        />
        {isRunning ? <Ring entry={entry} /> : null}
      </div>
      <div className="absolute top-2 left-2 z-10 rounded-lg bg-surface p-2 shadow-sm not-has-checked:not-in-data-selecting:pointer-coarse:hidden not-has-checked:not-in-data-selecting:pointer-fine:opacity-0 group-hover/task:opacity-100! focus-within:opacity-100!">
        <SelectBox entry={entry} selected={selected} onSelect={actions.onSelect} tabIndex={0} />
      </div>
      <div className="mt-1.5 flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <TaskLink
            entry={entry}
            tabIndex={0}
            className="after:absolute after:inset-0 after:rounded-xl"
          />
          <RowStatus entry={entry} checking={checking} compact />
        </div>
        <div className="z-10 -mr-1">
          <TaskMenu entry={entry} actions={actions} tabIndex={0} />
        </div>
      </div>
    </div>
  )
})

const RADIUS = 20
const ROUND = 2 * Math.PI * RADIUS

/** Progress over the image while the task runs. The line below says the same in words. */
function Ring({ entry }: { readonly entry: TrackedTask }) {
  const progress = entry.record.task?.progress ?? null
  const veil = taskThumb(entry) === null ? 'text-muted' : 'bg-black/45 text-white'
  return (
    <div
      aria-hidden
      className={`absolute inset-0 flex items-center justify-center text-sm font-medium ${veil}`}
    >
      <svg viewBox="0 0 48 48" className="absolute size-16 -rotate-90" aria-hidden="true">
        <circle
          cx="24"
          cy="24"
          r={RADIUS}
          fill="none"
          stroke="currentColor"
          strokeOpacity={0.3}
          strokeWidth={4}
        />
        {progress === null || progress === 0 ? null : (
          <circle
            cx="24"
            cy="24"
            r={RADIUS}
            fill="none"
            stroke="currentColor"
            strokeWidth={4}
            strokeLinecap="round"
            strokeDasharray={`${(progress / 100) * ROUND} ${ROUND}`}
          />
        )}
      </svg>
      {progress === null ? null : formatPercent(progress)}
    </div>
  )
}
