import type { SyntheticEvent } from 'react'
import { decoded } from '../lib/browser/elements.ts'
import type { Load } from './picture.ts'
import type { Size, View } from './zoom-math.ts'

interface FullPictureProps {
  readonly url: string
  readonly alt: string
  /** Where to draw it and how large; null keeps it unseen while it loads. */
  readonly place: { readonly size: Size; readonly view: View } | null
  readonly onLoad: (load: Load) => void
}

/** A picture at its place under the shared zoom. */
export function FullPicture({ url, alt, place, onLoad }: FullPictureProps) {
  const loaded = async ({ currentTarget: image }: SyntheticEvent<HTMLImageElement>) => {
    // Shown once it is decoded: until then the preview stays, so nothing flashes.
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
