import type { TaskId } from '../../../core/api/task-id.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import type { Pasted } from '../../tasks/parse-paste.ts'
import { MAX_ENTRIES } from '../../tasks/tracked-task.ts'

interface PasteReviewProps {
  readonly pasted: Pasted
  readonly has: (id: TaskId) => boolean
}

/** Preview of an import, before any request: new IDs, known ones, and lines that could not be read. */
export function PasteReview({ pasted, has }: PasteReviewProps) {
  const { ids, repeats, unread, tooMany } = pasted
  const fresh = ids.filter((id) => !has(id))
  const known = ids.filter(has)
  const left = [
    repeats === 0 ? null : `${plural(repeats, 'duplicate')} skipped`,
    tooMany === 0
      ? null
      : `${formatNumber(tooMany)} left out (a list holds ${formatNumber(MAX_ENTRIES)})`,
  ].filter((one) => one !== null)
  return (
    <div className="mt-3 grid gap-3">
      <p role="status" className="text-sm">
        <span className="font-medium">
          {ids.length > 0 && fresh.length === 0
            ? 'These are already in your list'
            : `${plural(fresh.length, 'task')} to add`}
        </span>
        <span className="text-muted">
          {left.map((one) => ` · ${one}`).join('')}
          {' · Nothing is checked until you add them.'}
        </span>
      </p>
      <Lines label="New" lines={fresh} />
      <Lines label="Already in your list" lines={known} />
      <Lines
        label={
          unread.length === 1
            ? '1 line isn’t a task ID'
            : `${formatNumber(unread.length)} lines aren’t task IDs`
        }
        lines={unread}
        ink="text-warn"
      />
    </div>
  )
}

interface LinesProps {
  readonly label: string
  readonly lines: readonly string[]
  readonly ink?: string
}

/** One text: thousands of elements would take long to draw. */
function Lines({ label, lines, ink = 'text-muted' }: LinesProps) {
  if (lines.length === 0) return null
  return (
    <div className="min-w-0">
      <p className={`text-xs font-medium ${ink}`}>{label}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
      <pre
        role="group"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it too
        tabIndex={0}
        className="mt-1 max-h-32 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-xs"
      >
        {lines.join('\n')}
      </pre>
    </div>
  )
}
