import { FileDown } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import type { ApiKey } from '../../session/api-key.ts'
import { createRecording, type RecordedAnswer } from '../../upscayl/recording.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { RecordingDialog } from './recording-dialog.tsx'
import { saveRecording } from './save-recording.ts'

interface RecorderProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
  /** What this tab's questions brought so far. */
  readonly answers: () => readonly RecordedAnswer[]
}

/** Makes a file of what the API answered, for a bug report: a picture that others can replay. */
export function Recorder({ apiKey, taskId, answers }: RecorderProps) {
  const [shown, setShown] = useState<readonly RecordedAnswer[] | null>(null)
  return (
    <p className="mt-8 border-t border-line pt-3">
      <Button
        look="quiet"
        className="-ml-3"
        icon={<FileDown aria-hidden size={15} />}
        onClick={() => setShown(answers())}
      >
        Record for a bug report
      </Button>
      {shown === null ? null : (
        <RecordingDialog
          answers={shown}
          onSave={() => saveRecording(createRecording(shown, { key: apiKey, taskId }))}
          onClose={() => setShown(null)}
        />
      )}
    </p>
  )
}
