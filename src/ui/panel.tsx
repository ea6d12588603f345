import { type ReactNode, useId } from 'react'

interface PanelProps {
  readonly title: string
  /** Actions beside the heading. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** A boxed section of a page with a heading. */
export function Panel({ title, action, children }: PanelProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="rounded-xl border border-line bg-surface p-5">
      <div
        className={`flex items-center justify-between gap-3 ${action === undefined ? '' : 'min-h-9'}`}
      >
        <h2 id={id} className="text-sm font-medium text-muted">
          {title}
        </h2>
        {action && <div className="-my-1">{action}</div>}
      </div>
      {children}
    </section>
  )
}
