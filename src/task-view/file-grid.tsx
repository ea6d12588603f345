import type { TaskFile } from '../upscayl/task.ts'
import { FileCard } from './file-card.tsx'

interface FileGridProps {
  readonly files: readonly TaskFile[]
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockSkew: number
}

export function FileGrid({ files, clockSkew }: FileGridProps) {
  const alone = files.length === 1
  return (
    <ul
      className={`mt-3 grid gap-4 ${alone ? 'grid-cols-1' : 'grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))]'}`}
    >
      {files.map((file) => (
        <FileCard key={file.id} file={file} alone={alone} clockSkew={clockSkew} />
      ))}
    </ul>
  )
}
