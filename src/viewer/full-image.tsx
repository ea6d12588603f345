import type { SyntheticEvent } from 'react'
import { decoded } from '../lib/browser/elements.ts'
import type { Load } from './viewer-image.ts'
import type { Size, View } from './zoom-math.ts'

interface FullImageProps {
  readonly url: string
  readonly alt: string
  /** Size and position; null hides the image while it loads. */
  readonly place: { readonly size: Size; readonly view: View } | null
  readonly onLoad: (load: Load) => void
}

/** An image under the shared zoom. */
export function FullImage({ url, alt, place, onLoad }: FullImageProps) {
  const loaded = async ({ currentTarget: image }: SyntheticEvent<HTMLImageElement>) => {
    // Shown once decoded: until then the preview stays, so nothing flashes.
    await decoded(image)
    const { naturalWidth: width, naturalHeight: height } = image
    onLoad(
      width > 0 && height > 0 ? { kind: 'shown', size: { width, height } } : { kind: 'failed' },
    )
  }
  return (
    <img
      src={url}
      alt={alt}
      draggable={false}
      referrerPolicy="no-referrer"
      onLoad={loaded}
      onError={() => onLoad({ kind: 'failed' })}
      className={`absolute top-0 left-0 max-w-none origin-top-left ${place === null ? 'invisible' : ''}`}
      style={
        place === null
          ? undefined
          : {
              width: place.size.width,
              height: place.size.height,
              transform: `translate(${place.view.x}px, ${place.view.y}px) scale(${place.view.k})`,
            }
      }
    />
  )
}
