import { CircleDashed, CircleHelp, Coins } from 'lucide-react'
import { formatCredits } from '../lib/format.ts'
import { isTerminal, TASK_RULES, type Task } from '../upscayl/task.ts'

export interface CreditsText {
  readonly text: string
  /** What it means, in a sentence. */
  readonly means: string
  readonly certainty: 'sure' | 'open' | 'unknown'
}

/** Says of the credits exactly what the API said, and no more. */
export function creditsText(task: Task, confirming: boolean): CreditsText {
  const { state, amount } = task.credits
  const credits = amount === null ? 'An unknown number of credits' : formatCredits(amount)
  if (state === 'deducted') {
    const odd = task.kind === 'failed' ? ' although the task failed. Ask Upscayl about it' : ''
    return {
      text: `${credits} deducted`,
      means: `The API confirmed the deduction${odd}.`,
      certainty: 'sure',
    }
  }
  if (!isTerminal(task)) {
    return state === 'outstanding'
      ? {
          text: 'Not deducted yet',
          means: 'Credits are deducted once, when the result is first asked for.',
          certainty: 'open',
        }
      : { text: 'Unknown', means: 'The API says nothing of credits yet.', certainty: 'unknown' }
  }
  if (!TASK_RULES[task.kind].charged) {
    return state === 'outstanding'
      ? { text: 'Not deducted', means: 'A task that failed costs nothing.', certainty: 'sure' }
      : {
          text: 'Unknown',
          means: 'The API says nothing of credits for this failed task.',
          certainty: 'unknown',
        }
  }
  if (amount === null && state === 'unknown') {
    return {
      text: 'Unknown',
      means: confirming
        ? 'The API names no credits. Loupe asks again.'
        : 'The API names no credits for this task.',
      certainty: 'unknown',
    }
  }
  return {
    text: `${credits}, not confirmed`,
    means: confirming
      ? 'The result is there; Loupe asks again whether the credits were deducted.'
      : 'The API was asked again and did not confirm the deduction. Your files are not affected.',
    certainty: 'open',
  }
}

const ICONS = {
  sure: { icon: Coins, ink: 'text-ink' },
  open: { icon: CircleDashed, ink: 'text-muted' },
  unknown: { icon: CircleHelp, ink: 'text-muted' },
} as const

interface CreditsProps {
  readonly task: Task
  /** More questions will be asked to have the deduction confirmed. */
  readonly confirming: boolean
  /** Which question of this tab first saw the deduction. */
  readonly deductedAtQuestion: number | null
}

export function Credits({ task, confirming, deductedAtQuestion }: CreditsProps) {
  const { text, means, certainty } = creditsText(task, confirming)
  const { icon: Icon, ink } = ICONS[certainty]
  return (
    <section
      aria-labelledby="credits-title"
      className="rounded-xl border border-line bg-surface p-5"
    >
      <h2 id="credits-title" className="text-sm font-medium text-muted">
        Credits
      </h2>
      <p className={`mt-2 flex items-center gap-2 text-lg font-medium ${ink}`}>
        <Icon aria-hidden size={18} className="shrink-0 text-muted" />
        {text}
      </p>
      <p className="mt-1 text-sm text-pretty text-muted">
        {means}
        {deductedAtQuestion === null ? '' : ` Seen at question ${deductedAtQuestion} of this tab.`}
      </p>
    </section>
  )
}
