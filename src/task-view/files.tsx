import { type ReactNode, useId } from 'react'
import { deferred } from '../components/deferred.tsx'
import type { Listing } from '../files/batch.ts'
import type { LinkSource } from '../files/file-state.ts'
import { formatFiles } from '../lib/format.ts'
import { isTerminal, type Task } from '../upscayl/task.ts'

// Only a task that is done has files, so whoever watches a running one does not load their cards.
export const FileGrid = deferred(async () => (await import('./file-grid.tsx')).FileGrid)
const FolderButton = deferred(async () => (await import('./folder-button.tsx')).FolderButton)

interface FilesProps {
  readonly taskId: string
  readonly task: Task
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** When the question was sent whose answer lists these files, epoch milliseconds. */
  readonly askedAt: number
  readonly source: LinkSource
  /** The way to a new answer, for a file whose link has ended; null where nobody asks. */
  readonly fresh: ReactNode
  /** The same, where all files are saved. */
  readonly renew: (() => Promise<Listing | null>) | null
}

export function Files({ task, ...rest }: FilesProps) {
  const { files, settings } = task
  const title = useId()
  return (
    <section aria-labelledby={title}>
      <div className="flex items-baseline justify-between">
        <h2 id={title} className="text-lg font-medium">
          Files
        </h2>
        {files.length === 0 ? null : (
          <p className="text-sm text-muted">{formatFiles(files.length)}</p>
        )}
      </div>
      {files.length === 0 ? (
        <div className="mt-3 rounded-xl border border-dashed border-line px-5 py-10 text-center text-sm text-muted">
          <p>{noFiles(task, rest.source)}</p>
          {isTerminal(task) || rest.source !== 'asked' ? null : (
            <div className="mt-3 flex min-h-9 justify-center">
              <FolderButton />
            </div>
          )}
        </div>
      ) : (
        <FileGrid
          {...rest}
          files={files}
          settings={settings}
          fallback={<div aria-busy className="mt-3 h-96" />}
        />
      )}
    </section>
  )
}

function noFiles(task: Task, source: LinkSource): string {
  if (task.kind === 'failed') return 'A task that failed has no files.'
  if (isTerminal(task)) return 'Done, but Upscayl returned no files yet.'
  return source === 'asked'
    ? 'Files appear here when the task is done.'
    : 'A task has files when it is done.'
}
