import { formatFiles } from '../lib/format.ts'
import { isTerminal, type Task } from '../upscayl/task.ts'
import { FileCard } from './file-card.tsx'

export function FileGrid({ task }: { readonly task: Task }) {
  const { files } = task
  return (
    <section aria-labelledby="files-title">
      <div className="flex items-baseline justify-between">
        <h2 id="files-title" className="text-lg font-medium">
          Files
        </h2>
        {files.length === 0 ? null : (
          <p className="text-sm text-muted">{formatFiles(files.length)}</p>
        )}
      </div>
      {files.length === 0 ? (
        <p className="mt-3 rounded-xl border border-dashed border-line px-5 py-10 text-center text-sm text-muted">
          {noFiles(task)}
        </p>
      ) : (
        <ul
          className={`mt-3 grid gap-4 ${files.length === 1 ? 'grid-cols-1' : 'grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))]'}`}
        >
          {files.map((file) => (
            <FileCard key={file.id} file={file} alone={files.length === 1} />
          ))}
        </ul>
      )}
    </section>
  )
}

function noFiles(task: Task): string {
  if (task.kind === 'failed') return 'A task that failed has no files.'
  if (isTerminal(task)) return 'The task is done, but the API lists no file for it.'
  return 'Files appear here when the task is done.'
}
