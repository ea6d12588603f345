import { EyeOff } from 'lucide-react'
import { useId } from 'react'

/** Stands where the credits are, if whoever sent the task kept them to themselves. */
export function WithheldCredits() {
  const title = useId()
  return (
    <section aria-labelledby={title} className="rounded-xl border border-line bg-surface p-5">
      <h2 id={title} className="text-sm font-medium text-muted">
        Credits
      </h2>
      <p className="mt-2 flex items-center gap-2 text-lg font-medium text-muted">
        <EyeOff aria-hidden size={18} className="shrink-0" />
        Left out
      </p>
      <p className="mt-1 text-sm text-pretty text-muted">The sender left the credits out.</p>
    </section>
  )
}
