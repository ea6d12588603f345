import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { now } from '../../lib/clock.ts'
import { formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { applyListQuery } from '../../tasks/apply-list-query.ts'
import { DEFAULT_QUERY } from '../../tasks/list-query.ts'
import { useTaskList } from '../../tasks/use-task-list.ts'
import type { Icon } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { useShortcut } from '../../ui/shortcuts.ts'

interface NeighboursProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
}

/** The task's place in the list, and the way to the ones before and after it. */
export function Neighbours({ apiKey, taskId }: NeighboursProps) {
  useTaskKeys()
  const { entries } = useTaskList(apiKey)
  const ids = useMemo(
    () => applyListQuery([...entries.values()], DEFAULT_QUERY, now()).map(({ id }) => id),
    [entries],
  )
  const place = ids.indexOf(taskId)
  if (place < 0 || ids.length < 2) return null
  return (
    <nav aria-label="Tasks of the list" className="flex items-center text-sm text-muted">
      <Step icon={ChevronLeft} label="Previous task" shortcut="[" to={ids[place - 1]} />
      <span className="whitespace-nowrap max-sm:hidden">
        {formatNumber(place + 1)} of {formatNumber(ids.length)}
      </span>
      <Step icon={ChevronRight} label="Next task" shortcut="]" to={ids[place + 1]} />
    </nav>
  )
}

interface StepProps {
  readonly icon: Icon
  readonly label: string
  readonly shortcut: string
  readonly to: TaskId | undefined
}

/** At an end of the list it stays, so that nothing moves under the pointer. */
function Step({ icon: Icon, label, shortcut, to }: StepProps) {
  const box = 'inline-flex size-9 items-center justify-center rounded-lg pointer-coarse:size-11'
  if (to === undefined) {
    return (
      <span className={`${box} opacity-35`}>
        <Icon size={17} />
      </span>
    )
  }
  return (
    <Link
      to={paths.task(to)}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      title={`${label} (${shortcut})`}
      className={`${box} hover:bg-sunken hover:text-ink`}
    >
      <Icon size={17} />
    </Link>
  )
}

/** Presses what says that it has this key: `aria-keyshortcuts` is what assistive technology reads. */
function press(key: string): void {
  const all = document.querySelectorAll<HTMLElement>(`main [aria-keyshortcuts="${key}"]`)
  // The same action may stand twice, for a wide window and for a narrow one.
  const shown = [...all].find((one) => one.offsetParent !== null)
  if (shown instanceof HTMLInputElement && shown.type === 'range') shown.focus()
  else shown?.click()
}

/** The keys of a task's page. */
function useTaskKeys(): void {
  useShortcut('d', 'Download', () => press('d'))
  useShortcut('c', 'Compare', () => press('c'))
  useShortcut('s', 'Share', () => press('s'))
  useShortcut('r', 'Check now', () => press('r'))
  useShortcut('[', 'Previous task', () => press('['))
  useShortcut(']', 'Next task', () => press(']'))
}
