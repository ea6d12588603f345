import type { Shown } from '../../polling/shown.ts'
import { Credits } from '../../task-view/credits.tsx'
import { WithheldCredits } from '../../task-view/withheld-credits.tsx'
import { ODDITY_WORDS } from '../oddity-words.ts'
import type { SeenRecord } from '../task/task-sections.tsx'

interface SharedCreditsProps {
  readonly record: SeenRecord
  readonly shown: Shown
  /** The link itself says so, and nobody vouches for it. */
  readonly stated: boolean
}

/** The credits of a task that somebody sent, or that they were left out. */
export function SharedCredits({ record, shown, stated }: SharedCreditsProps) {
  const { task, announced, receipt } = record
  if (!shown.credits) return <WithheldCredits />
  return (
    <Credits
      task={task}
      announced={announced}
      confirming={null}
      stated={stated}
      question={receipt.question}
      odd={receipt.odd.map((oddity) => ODDITY_WORDS[oddity])}
    />
  )
}
