import { Image } from 'lucide-react'
import { drawThumb } from '../../tasks/draw-thumb.ts'
import { taskThumb } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { Thumbnail } from '../../ui/thumbnail.tsx'
import { useSteadyUrls } from '../../ui/use-steady-urls.ts'
import type { TaskActions } from './row-actions.tsx'

interface TaskThumbProps extends Pick<TaskActions, 'onThumb'> {
  readonly entry: TrackedTask
  /** Classes for size and corners. */
  readonly className: string
  /** Whether an icon stands for an image that is not there. */
  readonly hasIcon?: boolean
}

/** The image of a task. The name beside it describes it. */
export function TaskThumb({ entry, className, onThumb, hasIcon = true }: TaskThumbProps) {
  const { of: steady, onFailed } = useSteadyUrls()
  const newest = taskThumb(entry)
  const url = newest === null ? null : steady('', newest)
  const keep = (image: HTMLImageElement) => {
    if (entry.thumb !== null || image.currentSrc.startsWith('data:')) return
    const thumb = drawThumb(image, image.naturalWidth, image.naturalHeight)
    if (thumb !== null) onThumb(entry.id, thumb)
  }
  return (
    <Thumbnail url={url} onBroken={onFailed} onLoaded={keep} className={className}>
      {/* Not crossed out: the image is there, only its preview is not. */}
      {hasIcon ? <Image size={18} strokeWidth={1.5} /> : null}
    </Thumbnail>
  )
}
