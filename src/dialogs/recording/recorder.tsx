import { FileDown } from 'lucide-react'
import { useState } from 'react'
import { createRecording, type RecordedResponse } from '../../../core/api/recording.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { download } from '../../downloads/file-system.ts'
import { formatClockTime, plural } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Link } from '../../ui/link.tsx'

/** Downloads the API's responses, named by the time of the first, for others to replay. */
export function saveRecording(
  responses: readonly RecordedResponse[],
  key: ApiKey,
  taskId: TaskId,
): void {
  const recording = createRecording(responses, { key, taskId })
  const begin = new Date(recording.answers[0]?.askedAt ?? 0).toISOString()
  const file = new Blob([JSON.stringify(recording, null, 1)], { type: 'application/json' })
  // Not every file system allows colons.
  download(file, `loupe-recording-${begin.slice(0, 19).replaceAll(':', '-')}.json`)
}

interface RecordingDialogProps {
  /** Responses to this tab's requests so far. */
  readonly responses: readonly RecordedResponse[]
  readonly onSave: () => void
  readonly onClose: () => void
}

/** Says what the file contains and what not, before it is saved. */
export function RecordingDialog({ responses, onSave, onClose }: RecordingDialogProps) {
  const [saved, setSaved] = useState(false)
  const first = responses[0]
  const last = responses[responses.length - 1]
  return (
    <Dialog title="Export debug log" open onClose={onClose}>
      {first === undefined || last === undefined ? (
        <p className="text-pretty">
          No responses recorded in this tab yet. If another tab checks this task, export there.
        </p>
      ) : (
        <>
          <p className="text-pretty">
            {plural(responses.length, 'response')} from Upscayl, {formatClockTime(first.askedAt)} to{' '}
            {formatClockTime(last.answeredAt)}.
          </p>
          <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
            <dt className="text-muted">Removed</dt>
            <dd>Your key, all IDs, all links, names on the server</dd>
            <dt className="text-muted">Included</dt>
            <dd>Status, progress, credits, settings, times, names of your files</dd>
          </dl>
          <Button
            look="primary"
            className="mt-4"
            icon={FileDown}
            onClick={() => {
              onSave()
              setSaved(true)
            }}
          >
            Save file
          </Button>
        </>
      )}
      <p role="status" className="mt-3 min-h-5 text-sm text-pretty text-muted">
        {saved ? 'Saved. ' : ''}
        <Link to={`${paths.gallery}/replay`} className="text-accent underline underline-offset-4">
          Open recordings in the gallery
        </Link>
        , no key needed.
      </p>
    </Dialog>
  )
}
