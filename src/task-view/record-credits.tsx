import { ANOMALY_TEXT } from '../../core/record/anomaly-text.ts'
import { Credits, WithheldCredits } from './credits.tsx'
import type { SeenRecord } from './task-sections.tsx'

interface RecordCreditsProps {
  readonly record: SeenRecord
  /** Null in views that send no requests. */
  readonly confirming: boolean | null
  /** The only source is the link itself, which is not trustworthy. */
  readonly stated?: boolean
  /** Whether this viewer may see them. */
  readonly shown?: boolean
}

/** Credits of a task, or a note that the sender withheld them. */
export function RecordCredits({ record, shown = true, ...rest }: RecordCreditsProps) {
  const { task, quotedCredits, deduction } = record
  if (!shown) return <WithheldCredits />
  return (
    <Credits
      {...rest}
      task={task}
      quoted={quotedCredits}
      checkNumber={deduction.requestNumber}
      anomalies={deduction.anomalies.map((anomaly) => ANOMALY_TEXT[anomaly])}
    />
  )
}
