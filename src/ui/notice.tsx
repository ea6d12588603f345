import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

type Tone = 'info' | 'warn' | 'bad'

const TONES = {
  info: { icon: Info, box: 'border-line bg-surface', ink: 'text-accent' },
  warn: { icon: TriangleAlert, box: 'border-warn/30 bg-warn-soft', ink: 'text-warn' },
  bad: { icon: CircleAlert, box: 'border-bad/30 bg-bad-soft', ink: 'text-bad' },
} as const

interface NoticeProps {
  readonly tone: Tone
  readonly title: string
  readonly children: ReactNode
  /** Buttons to resolve it. */
  readonly action?: ReactNode
}

/** A boxed message: what happened in the title, details below. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  const { icon: Icon, box, ink } = TONES[tone]
  return (
    <section aria-label={title} className={`rounded-xl border p-4 ${box}`}>
      <div className="flex gap-3">
        <Icon size={18} className={`mt-0.5 shrink-0 ${ink}`} />
        <div className="min-w-0 flex-1">
          <h2 className="font-medium text-balance">{title}</h2>
          <div className="mt-1 text-sm text-pretty text-muted [overflow-wrap:anywhere]">
            {children}
          </div>
          {action == null ? null : <div className="mt-3 flex flex-wrap gap-2">{action}</div>}
        </div>
      </div>
    </section>
  )
}
