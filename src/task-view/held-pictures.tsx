import { Button } from '../components/button.tsx'
import type { TaskFile } from '../upscayl/task.ts'

/** The hosts beside this page's own that the files of a task are on. */
export function otherHosts(files: readonly TaskFile[]): readonly string[] {
  const links = files.flatMap(({ downloadUrl, thumbnailUrl }) => [
    downloadUrl ?? [],
    thumbnailUrl ?? [],
  ])
  const hosts = links
    .flat()
    .map((link) => new URL(link))
    .filter(({ origin }) => origin !== location.origin)
    .map(({ host }) => host)
  return [...new Set(hosts)]
}

interface HeldPicturesProps {
  readonly hosts: readonly string[]
  readonly onLoad: () => void
}

/** Whoever made a link chose where its images are, and their host learns who loads them: a person decides. */
export function HeldPictures({ hosts, onLoad }: HeldPicturesProps) {
  const [first, ...more] = hosts
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-sm text-muted">
      <p className="min-w-0 flex-1 text-pretty [overflow-wrap:anywhere]">
        The images are on {first}
        {more.length === 0
          ? ''
          : ` and ${more.length} more ${more.length === 1 ? 'host' : 'hosts'}`}
        . Loading them tells that host that you looked.
      </p>
      <Button onClick={onLoad}>Load images</Button>
    </div>
  )
}
