import { type PointerEvent, type Ref, useState } from 'react'
import { CompareLayer } from './compare-layer.tsx'
import { lensHeld, lensRadius, type Point, shareAt } from './compare-math.ts'
import { Divider } from './divider.tsx'
import { FullPicture } from './full-picture.tsx'
import { LensRing } from './lens-ring.tsx'
import type { CompareMode, Load, Partner, Picture } from './picture.ts'
import { MARGIN, type Size, type View, visibleBox } from './zoom-math.ts'

interface StageProps {
  /** The element that gestures are listened to on. */
  readonly ref: Ref<HTMLDivElement>
  readonly picture: Picture
  /** Another one is another picture, or the same asked for anew. */
  readonly source: string
  readonly load: Load
  readonly onLoad: (load: Load) => void
  readonly view: View | null
  readonly stageSize: Size | null
  readonly compare: {
    readonly partner: Partner
    readonly mode: CompareMode
    readonly load: Load
    readonly onLoad: (load: Load) => void
  } | null
}

/** The picture, and what it is compared with, under one zoom. */
export function Stage(props: StageProps) {
  const { ref, picture, source, load, onLoad, view, stageSize, compare } = props
  const [share, setShare] = useState(0.5)
  const [lens, setLens] = useState<Point | null>(null)
  const size = load.kind === 'shown' ? load.size : null
  const place = size === null || view === null ? null : { size, view }
  const box =
    place === null || stageSize === null
      ? null
      : visibleBox(view ?? place.view, place.size, stageSize)
  const centre = stageSize && { x: stageSize.width / 2, y: stageSize.height / 2 }
  const glass = box === null || centre === null ? null : lensHeld(lens ?? centre, box)
  const radius = stageSize === null ? 0 : lensRadius(stageSize)

  const follow = (event: PointerEvent<HTMLDivElement>) => {
    // A second finger zooms, and the lens stays with the first.
    if (compare?.mode !== 'lens' || !event.isPrimary) return
    const { left, top } = event.currentTarget.getBoundingClientRect()
    setLens({ x: event.clientX - left, y: event.clientY - top })
  }

  return (
    <div
      ref={ref}
      tabIndex={-1}
      onPointerMove={follow}
      onPointerDown={follow}
      className="absolute inset-0 cursor-grab touch-none overflow-hidden outline-none select-none active:cursor-grabbing"
    >
      {place === null && picture.thumbnailUrl !== null ? (
        <Preview url={picture.thumbnailUrl} isDim={load.kind === 'failed'} />
      ) : null}
      <FullPicture
        key={source}
        url={picture.url}
        alt={load.kind === 'failed' ? '' : picture.title}
        place={place}
        onLoad={onLoad}
      />
      {compare === null || place === null || box === null || glass === null ? null : (
        <>
          <CompareLayer
            key={compare.partner.url}
            partner={compare.partner}
            place={place}
            box={box}
            clip={compare.mode === 'slider' ? { share } : { ...glass, radius }}
            isShown={compare.load.kind === 'shown'}
            onLoad={compare.onLoad}
          />
          {compare.load.kind !== 'shown' ? null : compare.mode === 'slider' ? (
            <Divider
              label={`Divider between ${compare.partner.label} and ${compare.partner.pictureLabel}`}
              share={share}
              box={box}
              onShare={setShare}
              shareOf={(x) => shareAt(x, box)}
            />
          ) : (
            <LensRing
              label={`Lens that shows ${compare.partner.label}`}
              caption={compare.partner.label}
              centre={glass}
              radius={radius}
              onMove={(to) => setLens(lensHeld(to, box))}
            />
          )}
        </>
      )}
    </div>
  )
}

function Preview({ url, isDim }: { readonly url: string; readonly isDim: boolean }) {
  const [broken, setBroken] = useState<string | null>(null)
  if (broken === url) return null
  return (
    <img
      src={url}
      alt=""
      draggable={false}
      referrerPolicy="no-referrer"
      onError={() => setBroken(url)}
      className={`absolute inset-0 size-full object-contain ${isDim ? 'opacity-30' : 'blur-[2px]'}`}
      style={{ padding: MARGIN }}
    />
  )
}
