import { Shortened } from '../ui/shortened.tsx'
import { dividerAt } from './compare-math.ts'
import { FullImage } from './full-image.tsx'
import type { Load, Partner } from './viewer-image.ts'
import type { Box, Size, View } from './zoom-math.ts'

type Clip =
  | { readonly share: number }
  | { readonly x: number; readonly y: number; readonly radius: number }

interface CompareLayerProps {
  readonly partner: Partner
  readonly place: { readonly size: Size; readonly view: View }
  /** Visible part of the image, which contains the labels. */
  readonly box: Box
  /** Visible part of the partner: what is left of a share of the image, or a round lens. */
  readonly clip: Clip
  readonly isShown: boolean
  readonly onLoad: (load: Load) => void
}

const clipPath = (clip: Clip, box: Box): string =>
  'share' in clip
    ? // Above, below and to the left there is nothing to cut.
      `polygon(0 0, ${dividerAt(clip.share, box)}px 0, ${dividerAt(clip.share, box)}px 100%, 0 100%)`
    : `circle(${clip.radius}px at ${clip.x}px ${clip.y}px)`

/** The other image over the first, at the same size, clipped to the slider or the lens. */
export function CompareLayer({ partner, place, box, clip, isShown, onLoad }: CompareLayerProps) {
  const top = Math.max(0, box.top) + 8
  return (
    <>
      {isShown ? (
        <Label text={partner.imageLabel} style={{ top, left: box.right - 8 }} atRight />
      ) : null}
      <div
        className={`absolute inset-0 bg-neutral-950 ${isShown ? '' : 'invisible'}`}
        style={{ clipPath: clipPath(clip, box) }}
      >
        <FullImage url={partner.url} alt={partner.label} place={place} onLoad={onLoad} />
        {'share' in clip ? (
          <Label text={partner.label} style={{ top, left: box.left + 8 }} />
        ) : null}
      </div>
    </>
  )
}

interface LabelProps {
  readonly text: string
  readonly style: { readonly top: number; readonly left: number }
  readonly atRight?: boolean
}

function Label({ text, style, atRight = false }: LabelProps) {
  return (
    <span
      style={style}
      className={`pointer-events-none absolute max-w-[45%] truncate rounded-md bg-black/75 px-2 py-0.5 text-xs font-medium text-white forced-colors:border ${atRight ? '-translate-x-full' : ''}`}
    >
      <Shortened text={text} length={28} />
    </span>
  )
}
