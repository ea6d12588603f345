import { isTerminal, type Task } from '../upscayl/task.ts'

interface ProgressBarProps {
  readonly task: Task
  /** Where it may be by now, 0 to 100, by its own speed; null for no guess. */
  readonly estimate: number | null
}

/**
 * Determinate only where a real number was reported; a hatched, still bar otherwise. What is guessed
 * since then is paler, and neither spoken nor counted.
 */
export function ProgressBar({ task, estimate }: ProgressBarProps) {
  const done = task.kind === 'processed'
  const value = done ? 100 : task.progress
  const color = done ? 'bg-good-fill' : task.kind === 'failed' ? 'bg-bad' : 'bg-accent'
  const label = isTerminal(task) ? 'Progress at the end' : 'Progress'
  if (value === null) {
    return (
      <div
        role="progressbar"
        aria-label={label}
        aria-valuetext="No number reported"
        className="h-2 rounded-full bg-sunken bg-[repeating-linear-gradient(-45deg,transparent_0_5px,var(--line-strong)_5px_7px)] forced-colors:border"
      />
    )
  }
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      className="relative h-2 overflow-hidden rounded-full bg-sunken forced-colors:border"
    >
      {estimate === null || done ? null : (
        <Bar value={estimate} className="bg-accent opacity-25 duration-1000" />
      )}
      <Bar value={value} className={`${color} duration-700 forced-colors:bg-[Highlight]`} />
    </div>
  )
}

/** A transform glides off the main thread; a width would lay the page out for each frame. */
function Bar({ value, className }: { readonly value: number; readonly className: string }) {
  return (
    <div
      className={`absolute inset-0 origin-left rounded-full transition-transform ease-out ${className}`}
      style={{ transform: `scaleX(${value / 100})` }}
    />
  )
}
