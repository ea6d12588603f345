import { isTerminal, type Task } from '../upscayl/task.ts'

/** Determinate only where a real number was reported; a hatched, still bar otherwise. */
export function ProgressBar({ task }: { readonly task: Task }) {
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
        className="h-2 rounded-full bg-sunken bg-[repeating-linear-gradient(-45deg,transparent_0_6px,var(--line)_6px_12px)]"
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
      className="h-2 overflow-hidden rounded-full bg-sunken forced-colors:border"
    >
      {/* A transform glides off the main thread; a width would lay the page out for each frame. */}
      <div
        className={`size-full origin-left rounded-full ${color} motion-safe:transition-transform motion-safe:duration-700 motion-safe:ease-out forced-colors:bg-[Highlight]`}
        style={{ transform: `scaleX(${value / 100})` }}
      />
    </div>
  )
}
