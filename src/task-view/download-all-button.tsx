import { Download, FolderArchive, TextCursorInput } from 'lucide-react'
import type { Settings, TaskFile } from '../../core/api/task.ts'
import type { Batch } from '../downloads/batch.ts'
import type { ZipJob } from '../downloads/zip-jobs.ts'
import { zipName } from '../downloads/zip-name.ts'
import { formatBytes } from '../lib/bytes.ts'
import { formatFiles, formatNumber } from '../lib/format.ts'
import { MenuItem } from '../ui/menu.tsx'
import { SplitButton } from '../ui/split-button.tsx'
import { totalBytes } from './file-title.ts'
import { FolderItem } from './folder.tsx'

interface DownloadAllProps {
  /** Name of the task. */
  readonly title: string
  readonly settings: Settings
  readonly batch: Batch
  /** Those that are downloaded. */
  readonly files: readonly TaskFile[]
  /** The user selected them. */
  readonly isPart: boolean
  readonly job: ZipJob
  readonly busy: boolean
  /** Opens the dialog about file names. */
  readonly onNames: () => void
}

/** The one action on all files, or on those that are selected. */
export function DownloadAll(props: DownloadAllProps) {
  const { title, settings, batch, files, isPart, job, busy, onNames } = props
  const bytes = totalBytes(files)
  const what = isPart
    ? `Download ${formatNumber(files.length)} selected`
    : `Download all · ${formatFiles(files.length)}`
  const only = isPart ? new Set(files.map(({ id }) => id)) : null
  const save = () => void job.save([{ ...batch, only }], zipName(title, settings))
  return (
    <SplitButton
      look="primary"
      icon={Download}
      disabled={files.length === 0}
      // Disabled, it would lose the focus.
      aria-disabled={busy}
      aria-keyshortcuts="d"
      className="min-w-0 flex-1"
      onClick={save}
      menuLabel="More ways to download"
      menu={
        <>
          <MenuItem icon={FolderArchive} disabled={files.length === 0} onSelect={save}>
            Download as zip
          </MenuItem>
          {batch.source === 'own' ? <FolderItem /> : null}
          <MenuItem icon={TextCursorInput} onSelect={onNames}>
            File names…
          </MenuItem>
        </>
      }
    >
      <span className="truncate">
        {what}
        {bytes === null || bytes === 0 ? '' : ` · ${formatBytes(bytes)}`}
      </span>
    </SplitButton>
  )
}
