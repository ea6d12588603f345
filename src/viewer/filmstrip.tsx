import { ImageIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Thumbnail } from '../ui/thumbnail.tsx'
import type { ViewerImage } from './viewer-image.ts'

interface FilmstripProps {
  readonly images: readonly ViewerImage[]
  /** ID of the open image. */
  readonly current: string
  readonly onShow: (id: string) => void
}

/** All images of the task in a row. */
export function Filmstrip({ images, current, onShow }: FilmstripProps) {
  const strip = useRef<HTMLUListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls with the open image
  useEffect(() => {
    const item = strip.current?.querySelector('[aria-current]')
    item?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  return (
    <ul
      ref={strip}
      aria-label="Images"
      className="flex gap-1 overflow-x-auto overscroll-contain border-t border-line p-1.5 max-sm:hidden"
    >
      {images.map(({ id, title, thumbnailUrl }) => (
        <li key={id} className="shrink-0">
          <button
            type="button"
            aria-label={`Show ${title}`}
            aria-current={id === current || undefined}
            title={title}
            onClick={() => onShow(id)}
            className="rounded-md border-2 border-transparent p-0.5 opacity-60 hover:opacity-100 aria-[current]:border-accent aria-[current]:opacity-100"
          >
            <Thumbnail lazy url={thumbnailUrl} className="block h-11 w-15 rounded-sm">
              <ImageIcon size={16} />
            </Thumbnail>
          </button>
        </li>
      ))}
    </ul>
  )
}
