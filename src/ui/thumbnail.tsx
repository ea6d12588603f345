import { ImageOff } from 'lucide-react'
import { type ReactNode, useState } from 'react'

interface ThumbnailProps {
  readonly url: string | null
  /** Classes for size and corners. */
  readonly className: string
  /** Loads when scrolled into view. */
  readonly lazy?: boolean
  readonly onBroken?: (url: string) => void
  readonly onLoaded?: (image: HTMLImageElement) => void
  /** Fallback if there is no image, or it cannot be loaded. */
  readonly children?: ReactNode
}

/** Thumbnail of the image named beside it. */
export function Thumbnail(props: ThumbnailProps) {
  const { url, className, lazy = false, onBroken, onLoaded } = props
  const { children = <ImageOff size={16} /> } = props
  const [broken, setBroken] = useState<string | null>(null)
  if (url === null || url === broken) {
    return (
      <span
        className={`inline-flex shrink-0 items-center justify-center bg-sunken text-muted ${className}`}
      >
        {children}
      </span>
    )
  }
  return (
    // No background: how it shows through the round corners would depend on when the image was
    // decoded.
    <img
      src={url}
      alt=""
      loading={lazy ? 'lazy' : 'eager'}
      decoding="async"
      referrerPolicy="no-referrer"
      onLoad={({ currentTarget }) => onLoaded?.(currentTarget)}
      onError={() => {
        setBroken(url)
        onBroken?.(url)
      }}
      className={`shrink-0 object-cover ${className}`}
    />
  )
}
