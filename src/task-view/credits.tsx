import { TriangleAlert } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { failedFiles, isTerminal, TASK_RULES, type Task } from '../../core/api/task.ts'
import { formatCredits } from '../lib/format.ts'

export interface CreditsText {
  readonly text: string
  /** Explanation in one sentence. */
  readonly means: string
  readonly certainty: 'sure' | 'open' | 'unknown'
}

/** Credits as the API reported them, without guesses. `confirming`: null without requests. */
export function creditsText(task: Task, confirming: boolean | null): CreditsText {
  const { state, amount } = task.credits
  const credits = amount === null ? 'Credits' : formatCredits(amount)
  const line = (certainty: CreditsText['certainty'], text: string, means: string) => ({
    text,
    means,
    certainty,
  })
  if (state === 'deducted') {
    return line('sure', `${credits} deducted`, 'Confirmed by Upscayl.')
  }
  if (!isTerminal(task)) {
    const when = 'You’re charged once, when the finished result is first fetched.'
    return state === 'outstanding'
      ? line('open', 'Not deducted yet', when)
      : line('unknown', 'Not reported yet', when)
  }
  if (!TASK_RULES[task.kind].charged) {
    return state === 'outstanding'
      ? line('sure', 'Not deducted', 'Failed tasks are free.')
      : line('unknown', 'Not reported', 'Failed tasks are free.')
  }
  if (amount === null && state === 'unknown') {
    const next = confirming ? ' Loupe will check again.' : ''
    return line('unknown', 'Not reported', `Upscayl didn’t report whether you were charged.${next}`)
  }
  const means = confirming
    ? 'The result is ready. Loupe is confirming the deduction.'
    : confirming === null
      ? 'Upscayl hadn’t confirmed the deduction when this was seen. Your files are safe.'
      : 'Upscayl hasn’t confirmed the deduction. Your files are safe.'
  return line('open', `${credits} ${confirming ? 'pending' : 'not confirmed'}`, means)
}

/** The part of the estimate that still applies; '' once the outcome says it all. */
function announcedText(task: Task, announced: number): string {
  const { state, amount } = task.credits
  const credits = formatCredits(announced)
  if (state === 'deducted') {
    const of = failedFiles(task).length > 0 ? ` for all ${task.files.length} images` : ''
    return amount === announced ? '' : `Upscayl’s estimate${of} was ${credits}.`
  }
  if (!isTerminal(task)) return `${credits} expected.`
  return TASK_RULES[task.kind].charged ? `Upscayl’s estimate was ${credits}.` : ''
}

interface CreditsProps {
  readonly task: Task
  /** Estimate from the response that started the task; null if unknown. */
  readonly quoted: number | null
  /** Further requests will confirm the deduction; null in views that send no requests. */
  readonly confirming: boolean | null
  /** The only source is a link that anybody can create. */
  readonly stated?: boolean
  /** Number of the check that first saw the deduction; null if none did. */
  readonly checkNumber: number | null
  /** Contradictions in what the API reported, one sentence each. */
  readonly anomalies: readonly string[]
}

export function Credits(props: CreditsProps) {
  const { task, quoted, confirming, stated = false, checkNumber, anomalies } = props
  const { text, means, certainty } = creditsText(task, confirming)
  const promise = quoted === null ? '' : announcedText(task, quoted)
  return (
    <CreditsSection>
      <p className={certainty === 'sure' ? 'font-medium' : 'text-muted'}>{text}</p>
      <p
        className="text-xs text-pretty text-muted"
        title={checkNumber === null ? undefined : `First seen on check ${checkNumber}.`}
      >
        {stated ? 'As stated in the link, not verified.' : means}
        {promise === '' ? '' : ` ${promise}`}
      </p>
      {anomalies.map((sentence) => (
        <p key={sentence} className="mt-1 flex gap-2 text-xs text-pretty text-warn">
          <TriangleAlert size={14} className="mt-0.5 shrink-0" />
          {sentence}
        </p>
      ))}
    </CreditsSection>
  )
}

/** Shown in place of the credits if the sender withheld them. */
export const WithheldCredits = () => (
  <CreditsSection>
    <p className="text-muted">Not shared</p>
  </CreditsSection>
)

function CreditsSection({ children }: { readonly children: ReactNode }) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className="grid grid-cols-[7rem_minmax(0,1fr)] items-baseline gap-x-3 text-sm"
    >
      <h2 id={id} className="text-muted">
        Credits
      </h2>
      <div>{children}</div>
    </section>
  )
}
