import { FolderArchive, TextCursorInput } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../components/button.tsx'
import type { Batch } from '../files/batch.ts'
import type { Settings, TaskFile } from '../upscayl/task.ts'
import { FolderButton } from './folder-button.tsx'
import { NamesDialog } from './names-dialog.tsx'
import { SaveAllPanel } from './save-all-panel.tsx'
import { useZipJob } from './use-zip-job.ts'

interface FileToolsProps {
  readonly taskId: string
  readonly settings: Settings
  readonly files: readonly TaskFile[]
  readonly batch: Batch
}

/** What concerns all files of a task at once. */
export function FileTools({ taskId, settings, files, batch }: FileToolsProps) {
  const { source } = batch
  const [naming, setNaming] = useState(false)
  const { job, state } = useZipJob(`${source} ${taskId}`)
  const several = files.length > 1 && files.some(({ downloadUrl }) => downloadUrl !== null)
  return (
    <div className="mt-2">
      <div className="flex flex-wrap items-center gap-2">
        {several ? (
          <Button
            icon={<FolderArchive aria-hidden size={15} />}
            disabled={state.kind === 'running'}
            onClick={() => void job.save([batch], `${taskId}.zip`)}
          >
            Save all as a zip
          </Button>
        ) : null}
        {source === 'asked' ? <FolderButton /> : null}
        <Button
          look="quiet"
          className="ml-auto max-sm:ml-0"
          icon={<TextCursorInput aria-hidden size={15} />}
          onClick={() => setNaming(true)}
        >
          File names
        </Button>
      </div>
      <SaveAllPanel state={state} onCancel={job.cancel} />
      {naming ? (
        <NamesDialog task={{ id: taskId, settings, files }} onClose={() => setNaming(false)} />
      ) : null}
    </div>
  )
}
