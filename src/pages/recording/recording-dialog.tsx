import { FileDown } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { formatClockTime, formatNumber } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { RecordedAnswer } from '../../upscayl/recording.ts'

interface RecordingDialogProps {
  readonly answers: readonly RecordedAnswer[]
  readonly onSave: () => void
  readonly onClose: () => void
}

/** What is in the file and what is not, before it is saved. */
export function RecordingDialog({ answers, onSave, onClose }: RecordingDialogProps) {
  const [saved, setSaved] = useState(false)
  const first = answers[0]
  const last = answers[answers.length - 1]
  return (
    <Dialog title="Record for a bug report" open onClose={onClose}>
      {first === undefined || last === undefined ? (
        <p className="text-pretty">
          This tab has asked nothing about this task yet, so there is nothing to record. If another
          tab asks for this one, record there.
        </p>
      ) : (
        <>
          <p className="text-pretty">
            {answers.length === 1 ? 'One answer' : `${formatNumber(answers.length)} answers`} of the
            API, as they came, from {formatClockTime(first.askedAt)} to{' '}
            {formatClockTime(last.answeredAt)}.
          </p>
          <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
            <dt className="text-muted">Taken out</dt>
            <dd>Your key, the task id, all links, names on the server, other ids</dd>
            <dt className="text-muted">Left in</dt>
            <dd>Status, progress, credits, settings, times, the names you gave your files</dd>
          </dl>
          <Button
            look="primary"
            className="mt-4"
            icon={<FileDown aria-hidden size={15} />}
            onClick={() => {
              onSave()
              setSaved(true)
            }}
          >
            Save the file
          </Button>
        </>
      )}
      <p role="status" className="mt-3 min-h-5 text-sm text-pretty text-muted">
        {saved ? 'Saved. ' : ''}
        Such a file is looked at in the{' '}
        <Link to={`${paths.gallery}/replay`} className="text-accent underline underline-offset-4">
          gallery
        </Link>
        , without a key.
      </p>
    </Dialog>
  )
}
