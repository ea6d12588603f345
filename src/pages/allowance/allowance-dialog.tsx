import { Pause, Play } from 'lucide-react'
import { type FormEvent, useCallback, useId, useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useReading } from '../../lib/clock.ts'
import { formatNumber } from '../../lib/format.ts'
import type { Role } from '../../polling/tabs.ts'
import type { Asking } from '../../polling/use-task-status.ts'
import { allowanceText } from './allowance-text.ts'

/** Who asks, in words. */
export const ROLES = {
  asking: 'This tab asks, also for all other tabs with this key.',
  listening: 'Another tab asks for this one, so that all tabs cost as much as one.',
  alone:
    'This browser cannot coordinate tabs here (it needs https or localhost): each open tab asks for itself.',
} as const satisfies Record<Role, string>

const COUNTED =
  'This server counts the questions of everybody who asks through it with this key, and asks once for all of them. Whoever runs it sets the limit.'

interface AllowanceDialogProps {
  readonly asking: Asking
  readonly onClose: () => void
}

/** What is left, who asks, pause, and the limit. */
export function AllowanceDialog({ asking, onClose }: AllowanceDialogProps) {
  const { allowance, paused, counted, role, setPaused, setLimit } = asking
  const { long } = useReading(
    useCallback((now: number) => allowanceText(allowance, now), [allowance]),
  )
  return (
    <Dialog title="Questions to Upscayl" open onClose={onClose}>
      <p>{long}</p>
      <p className="mt-2 text-sm text-pretty text-muted">
        Upscayl takes a number of questions an hour for a key, from all its tabs, programs and
        people. Loupe spreads them so that it learns of each end soon. {ROLES[role]}
      </p>
      {counted ? (
        <p className="mt-4 rounded-lg border border-line bg-sunken px-3 py-2.5 text-sm text-pretty">
          {COUNTED}
        </p>
      ) : (
        <Limit limit={allowance.limit} onChange={setLimit} />
      )}
      <Button
        className="mt-4"
        onClick={() => setPaused(!paused)}
        icon={paused ? <Play aria-hidden size={15} /> : <Pause aria-hidden size={15} />}
      >
        {paused ? 'Resume all questions' : 'Pause all questions'}
      </Button>
    </Dialog>
  )
}

interface LimitProps {
  readonly limit: number | null
  readonly onChange: (limit: number | null) => void
}

const MOST = 100_000

function Limit({ limit, onChange }: LimitProps) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null)
  const save = (event: FormEvent) => {
    event.preventDefault()
    const text = field.current?.value.trim() ?? ''
    const value = text === '' ? null : Number(text)
    if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= MOST)) {
      setSaid({
        text: `A whole number from 1 to ${formatNumber(MOST)}, or empty for none.`,
        bad: true,
      })
      return
    }
    onChange(value)
    setSaid({ text: 'Saved. What Upscayl itself says overrules it.', bad: false })
  }
  return (
    <form onSubmit={save} noValidate className="mt-4">
      <label htmlFor={id} className="text-sm font-medium">
        Questions an hour
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
        {said?.text ?? 'Empty for no limit.'}
      </p>
    </form>
  )
}
