import { ImagePlus } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { paths } from '../../lib/paths.ts'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { isDialogOpen } from '../../ui/busy.ts'
import { deferred, Nothing } from '../../ui/deferred.tsx'
import { useDropAnywhere } from '../../ui/use-file-drop.ts'
import { useImagePaste } from '../../ui/use-image-paste.ts'
import { incomingImages } from '../../uploads/incoming.ts'
import { looksLikeImage } from '../../uploads/validate-image.ts'
import { unfinishedOf } from './unfinished-of.ts'

// Its code is that of New task, which few pages need.
const UnfinishedNotice = deferred(
  async () => (await import('./unfinished-notice.tsx')).UnfinishedNotice,
  Nothing,
)

/** Opens New task with images that are dropped or pasted on another page, or to continue uploads. */
export function ImagesAnywhere({ apiKey }: { readonly apiKey: ApiKey }) {
  const unfinished = useStore(unfinishedOf(apiKey))
  const takeImages = useTakeImages()
  const take = useCallback(
    // A dialog has its own use for files, or none.
    (files: readonly File[]) => isDialogOpen() || takeImages(files),
    [takeImages],
  )
  // Before the page takes the event itself.
  const isOver = useImagesOver()
  useImagePaste(take)
  useDropAnywhere(take)
  return (
    <>
      {unfinished.length === 0 ? null : <UnfinishedNotice apiKey={apiKey} />}
      {isOver ? <DropHint /> : null}
    </>
  )
}

const DropHint = () => (
  <div className="pointer-events-none fixed inset-2 z-40 flex items-center justify-center rounded-xl border-2 border-dashed border-accent bg-page/85">
    <p className="flex items-center gap-3 text-lg font-medium">
      <ImagePlus size={24} className="text-accent" />
      Drop to upscale
    </p>
  </div>
)

/** Whether images are being dragged over the page, and no element of it takes them. */
function useImagesOver(): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const over = ({ defaultPrevented, dataTransfer }: DragEvent) =>
      setIsOver(!defaultPrevented && !isDialogOpen() && hasImage(dataTransfer))
    // Leaving the window has no element that is entered.
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setIsOver(false)
    }
    const end = () => setIsOver(false)
    document.addEventListener('dragover', over)
    document.addEventListener('dragleave', leave)
    document.addEventListener('drop', end)
    return () => {
      document.removeEventListener('dragover', over)
      document.removeEventListener('dragleave', leave)
      document.removeEventListener('drop', end)
    }
  }, [])
  return isOver
}

/** Names are secret until the drop; Safari tells no types either. */
const hasImage = (data: DataTransfer | null) =>
  Array.from(data?.items ?? []).some(({ type }) => type.startsWith('image/'))

/** Opens New task with the images among some files. Returns false if there are none. */
function useTakeImages(): (files: readonly File[]) => boolean {
  const navigate = useNavigate()
  return useCallback(
    (files) => {
      const images = files.filter(looksLikeImage)
      if (images.length === 0) return false
      incomingImages.change((before) => [
        ...before,
        ...images.map((image) => ({ image, earlier: null })),
      ])
      navigate(paths.newTask)
      return true
    },
    [navigate],
  )
}
