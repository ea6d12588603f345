import {
  Copy,
  Download,
  Ellipsis,
  History,
  RefreshCw,
  RotateCcw,
  Share2,
  SquareCheck,
  Tag,
  Trash2,
} from 'lucide-react'
import { isTerminal } from '../../../core/api/task.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { paths } from '../../lib/paths.ts'
import { taskTitle } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuLine, MenuLink } from '../../ui/menu.tsx'

/** Actions on tasks. Each keeps its identity, so that rows are not rendered again. */
export interface TaskActions {
  readonly onOpen: (id: TaskId) => void
  /** `range`: everything from the last selected task to this one. */
  readonly onSelect: (entry: TrackedTask, range: boolean) => void
  readonly onSave: (ids: readonly TaskId[]) => void
  readonly onCheck: (ids: readonly TaskId[]) => void
  readonly onShare: (ids: readonly TaskId[]) => void
  readonly onLabel: (ids: readonly TaskId[]) => void
  readonly onAgain: (ids: readonly TaskId[]) => void
  readonly onCopy: (id: TaskId) => void
  readonly onRemove: (ids: readonly TaskId[]) => void
  /** The image of a result was loaded, and can be kept for when its link has expired. */
  readonly onThumb: (id: TaskId, thumb: string) => void
}

export const hasFiles = ({ record: { task } }: TrackedTask): boolean =>
  task !== null && isTerminal(task) && task.files.length > 0

export const hasEnded = ({ record: { task } }: TrackedTask): boolean =>
  task !== null && isTerminal(task)

interface RowActionsProps {
  readonly entry: TrackedTask
  readonly actions: TaskActions
}

/** The likely next steps appear under the pointer; all are in the menu. */
const ON_HOVER =
  '@table:pointer-fine:opacity-0 @table:group-hover/task:opacity-100 @table:group-focus-within/task:opacity-100'

/** Buttons of a row. The row is the stop of the Tab key; arrow keys lead to these. */
export function RowActions({ entry, actions }: RowActionsProps) {
  const ended = hasEnded(entry)
  const title = taskTitle(entry)
  return (
    <div className="flex items-center justify-end">
      {hasFiles(entry) ? (
        <IconButton
          icon={Download}
          label={`Download ${title}`}
          tabIndex={-1}
          onClick={() => actions.onSave([entry.id])}
          className={ON_HOVER}
        />
      ) : null}
      {ended ? (
        <IconButton
          icon={RotateCcw}
          label={`Run ${title} again`}
          tabIndex={-1}
          onClick={() => actions.onAgain([entry.id])}
          className={`@max-table:hidden ${ON_HOVER}`}
        />
      ) : (
        <IconButton
          icon={RefreshCw}
          label={`Check ${title} now`}
          tabIndex={-1}
          onClick={() => actions.onCheck([entry.id])}
          className={`@max-table:hidden ${ON_HOVER}`}
        />
      )}
      <TaskMenu entry={entry} actions={actions} />
    </div>
  )
}

interface TaskMenuProps extends RowActionsProps {
  readonly tabIndex?: number
}

export function TaskMenu({ entry, actions, tabIndex = -1 }: TaskMenuProps) {
  const { id } = entry
  return (
    <Menu
      trigger={(props) => (
        <IconButton
          {...props}
          icon={Ellipsis}
          label={`Actions for ${taskTitle(entry)}`}
          tabIndex={tabIndex}
        />
      )}
    >
      <MenuItem icon={SquareCheck} hint="X" onSelect={() => actions.onSelect(entry, false)}>
        Select
      </MenuItem>
      <MenuItem
        icon={Download}
        hint="D"
        disabled={!hasFiles(entry)}
        onSelect={() => actions.onSave([id])}
      >
        Download
      </MenuItem>
      <MenuItem icon={RefreshCw} onSelect={() => actions.onCheck([id])}>
        Check now
      </MenuItem>
      <MenuItem
        icon={RotateCcw}
        disabled={!hasEnded(entry)}
        onSelect={() => actions.onAgain([entry.id])}
      >
        Run again…
      </MenuItem>
      {entry.earlier === null ? null : (
        <MenuLink icon={History} to={paths.task(entry.earlier)}>
          Earlier result
        </MenuLink>
      )}
      <MenuItem icon={Share2} hint="S" onSelect={() => actions.onShare([id])}>
        Share
      </MenuItem>
      <MenuItem icon={Tag} hint="L" onSelect={() => actions.onLabel([id])}>
        Labels and note…
      </MenuItem>
      <MenuItem icon={Copy} onSelect={() => actions.onCopy(id)}>
        Copy ID
      </MenuItem>
      <MenuLine />
      <MenuItem icon={Trash2} hint="Del" danger onSelect={() => actions.onRemove([id])}>
        Remove from list
      </MenuItem>
    </Menu>
  )
}
