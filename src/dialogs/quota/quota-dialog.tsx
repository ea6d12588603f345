import { Pause, Play } from 'lucide-react'
import { type FormEvent, useId, useRef, useState } from 'react'
import { useReading } from '../../lib/clock.ts'
import { formatNumber } from '../../lib/format.ts'
import type { Role } from '../../tasks/leader-election.ts'
import type { PollingState } from '../../tasks/use-task.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { quotaText } from './quota-text.ts'

/** Roles of this tab, in words. */
export const ROLES = {
  leader: 'This tab makes the checks for all your tabs.',
  follower: 'Another tab makes the checks for this one.',
  solo: 'Each tab makes its own checks: sharing them needs https or localhost.',
} as const satisfies Record<Role, string>

const COUNTED = 'Shared by everyone who uses this key here. The limit is set by the server.'

interface QuotaDialogProps {
  readonly polling: PollingState
  readonly onClose: () => void
}

/** Remaining quota, this tab's role, pause, and the limit. */
export function QuotaDialog({ polling, onClose }: QuotaDialogProps) {
  const { quota, paused, serverManaged, role, setPaused, setLimit } = polling
  const { text, lowered } = useReading(quotaText, quota)
  return (
    <Dialog title="Status checks" open onClose={onClose}>
      <p>{text}</p>
      {lowered === null ? null : <p className="mt-2 text-sm text-pretty text-warn">{lowered}</p>}
      <p className="mt-2 text-sm text-pretty text-muted">
        Upscayl limits the checks per hour for each key. Loupe spaces them out so that results still
        show up quickly. {ROLES[role]}
      </p>
      {serverManaged ? (
        <p className="mt-4 rounded-lg border border-line bg-sunken px-3 py-2.5 text-sm text-pretty">
          {COUNTED}
        </p>
      ) : (
        <Limit limit={quota.limit} onChange={setLimit} />
      )}
      <Button className="mt-4" onClick={() => setPaused(!paused)} icon={paused ? Play : Pause}>
        {paused ? 'Resume checking' : 'Pause checking'}
      </Button>
    </Dialog>
  )
}

interface LimitProps {
  readonly limit: number | null
  readonly onChange: (limit: number | null) => void
}

const MAX_LIMIT = 100_000

function Limit({ limit, onChange }: LimitProps) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null)
  const save = (event: FormEvent) => {
    event.preventDefault()
    const text = field.current?.value.trim() ?? ''
    const value = text === '' ? null : Number(text)
    if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= MAX_LIMIT)) {
      setSaid({
        text: `Enter a whole number from 1 to ${formatNumber(MAX_LIMIT)}, or leave it empty.`,
        bad: true,
      })
      return
    }
    onChange(value)
    setSaid({ text: 'Saved. Upscayl’s own limit takes precedence.', bad: false })
  }
  return (
    <form onSubmit={save} noValidate className="mt-4">
      <label htmlFor={id} className="text-sm font-medium">
        Checks per hour
      </label>
      <div className="mt-1.5 flex gap-2">
        <input
          ref={field}
          id={id}
          inputMode="numeric"
          defaultValue={limit ?? ''}
          placeholder="No limit"
          aria-invalid={said?.bad === true}
          aria-describedby={`${id}-said`}
          className="min-h-9 w-28 rounded-lg border border-line-strong bg-surface px-3 aria-invalid:border-bad"
        />
        <Button type="submit">Save</Button>
      </div>
      <p
        id={`${id}-said`}
        role="status"
        className={`mt-1.5 min-h-5 text-sm ${said?.bad === true ? 'text-bad' : 'text-muted'}`}
      >
        {said?.text ?? 'Leave empty for no limit.'}
      </p>
    </form>
  )
}
