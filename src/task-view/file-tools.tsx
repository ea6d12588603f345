import { FolderArchive, TextCursorInput } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../components/button.tsx'
import type { LinkSource } from '../files/file-state.ts'
import type { Wanted } from '../files/saves.ts'
import type { Settings, TaskFile } from '../upscayl/task.ts'
import { FolderButton } from './folder-button.tsx'
import { NamesDialog } from './names-dialog.tsx'
import { SaveAllPanel } from './save-all-panel.tsx'
import { useSaveAll } from './use-save-all.ts'

interface FileToolsProps {
  readonly taskId: string
  readonly settings: Settings
  readonly files: readonly TaskFile[]
  /** Those whose links are alive at this moment. */
  readonly wanted: () => Wanted[]
  readonly source: LinkSource
}

/** What concerns all files of a task at once. */
export function FileTools({ taskId, settings, files, wanted, source }: FileToolsProps) {
  const [naming, setNaming] = useState(false)
  const { state, save, cancel } = useSaveAll()
  const saveAll = () => {
    const items = wanted().map(({ id, url, name, promised }) => ({
      id,
      url,
      name,
      createdAt: promised.file.createdAt,
    }))
    void save(() => items, `${taskId}.zip`)
  }
  const several = files.filter(({ downloadUrl }) => downloadUrl !== null).length > 1
  return (
    <div className="mt-2">
      <div className="flex flex-wrap items-center gap-2">
        {several ? (
          <Button
            icon={<FolderArchive aria-hidden size={15} />}
            disabled={state.kind === 'running'}
            onClick={saveAll}
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
      <SaveAllPanel state={state} onCancel={cancel} />
      {naming ? (
        <NamesDialog task={{ id: taskId, settings, files }} onClose={() => setNaming(false)} />
      ) : null}
    </div>
  )
}
