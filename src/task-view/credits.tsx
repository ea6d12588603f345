import { CircleDashed, CircleHelp, Coins, TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import { formatCredits } from '../lib/format.ts'
import { isTerminal, TASK_RULES, type Task } from '../upscayl/task.ts'

export interface CreditsText {
  readonly text: string
  /** What it means, in a sentence. */
  readonly means: string
  readonly certainty: 'sure' | 'open' | 'unknown'
}

/** Says of the credits exactly what the API said, and no more. `confirming`: null where nobody asks from here. */
export function creditsText(task: Task, confirming: boolean | null): CreditsText {
  const { state, amount } = task.credits
  const credits = amount === null ? 'An unknown number of credits' : formatCredits(amount)
  if (state === 'deducted') {
    return {
      text: `${credits} deducted`,
      means: 'The API confirmed the deduction.',
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
      : confirming === null
        ? 'The API had not confirmed the deduction when this was seen. The files are not affected.'
        : 'The API was asked again and did not confirm the deduction. Your files are not affected.',
    certainty: 'open',
  }
}

/** What is still true of the announcement; '' where what came of it says it all. */
function announcedText(task: Task, announced: number): string {
  const { state, amount } = task.credits
  const credits = formatCredits(announced)
  if (state === 'deducted') return amount === announced ? '' : `Upscayl announced ${credits}.`
  if (!isTerminal(task)) return `${credits} will be deducted, as Upscayl said at the start.`
  return TASK_RULES[task.kind].charged ? `Upscayl announced ${credits} at the start.` : ''
}

const ICONS = {
  sure: { icon: Coins, ink: 'text-ink' },
  open: { icon: CircleDashed, ink: 'text-muted' },
  unknown: { icon: CircleHelp, ink: 'text-muted' },
} as const

interface CreditsProps {
  readonly task: Task
  /** What the answer to its start said will be deducted; null where that is not known. */
  readonly announced: number | null
  /** More questions will be asked to have the deduction confirmed; null where nobody asks from here. */
  readonly confirming: boolean | null
  /** Nothing but a link that anybody can make says so. */
  readonly stated?: boolean
  /** Which question first saw the deduction; null while none did. */
  readonly question: number | null
  /** What the API said that does not fit together, each as a sentence. */
  readonly odd: readonly string[]
}

export function Credits(props: CreditsProps) {
  const { task, announced, confirming, stated = false, question, odd } = props
  const { text, means, certainty } = creditsText(task, confirming)
  const promise = announced === null ? '' : announcedText(task, announced)
  const { icon: Icon, ink } = ICONS[certainty]
  const title = useId()
  return (
    <section aria-labelledby={title} className="rounded-xl border border-line bg-surface p-5">
      <h2 id={title} className="text-sm font-medium text-muted">
        Credits
      </h2>
      <p className={`mt-2 flex items-center gap-2 text-lg font-medium ${ink}`}>
        <Icon aria-hidden size={18} className="shrink-0 text-muted" />
        {text}
      </p>
      <p className="mt-1 text-sm text-pretty text-muted">
        {stated ? 'As stated in the link, not verified.' : means}
        {promise === '' ? '' : ` ${promise}`}
        {question === null ? '' : ` First seen at question ${question}.`}
      </p>
      {odd.map((sentence) => (
        <p key={sentence} className="mt-2 flex gap-2 text-sm text-pretty text-warn">
          <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
          {sentence}
        </p>
      ))}
    </section>
  )
}
