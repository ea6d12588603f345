import { ChevronsLeftRight } from 'lucide-react'
import { type PointerEvent, type Ref, useEffect, useRef, useState } from 'react'
import { capturePointer } from '../lib/browser/elements.ts'
import { Shortened } from '../ui/shortened.tsx'
import { CompareLayer } from './compare-layer.tsx'
import {
  dividerAt,
  lensHeld,
  lensMovedBy,
  lensRadius,
  type Point,
  shareAt,
  slidBy,
} from './compare-math.ts'
import { FullImage } from './full-image.tsx'
import type { CompareMode, Load, Partner, ViewerImage } from './viewer-image.ts'
import { type Box, MARGIN, type Size, type View, visibleBox } from './zoom-math.ts'

interface StageProps {
  /** Element that receives gestures. */
  readonly ref: Ref<HTMLDivElement>
  readonly image: ViewerImage
  /** Changes with the image, and when the same one is loaded again. */
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

/** The image and its comparison under one zoom. */
export function Stage(props: StageProps) {
  const { ref, image, source, load, onLoad, view, stageSize, compare } = props
  const [share, setShare] = useState(0.5)
  const [lens, setLens] = useState<Point | null>(null)
  const size = load.kind === 'shown' ? load.size : null
  const place = size === null || view === null ? null : { size, view }
  const box =
    place === null || stageSize === null ? null : visibleBox(place.view, place.size, stageSize)
  const centre = stageSize && { x: stageSize.width / 2, y: stageSize.height / 2 }
  const glass = box === null || centre === null ? null : lensHeld(lens ?? centre, box)
  const radius = stageSize === null ? 0 : lensRadius(stageSize)

  const follow = (event: PointerEvent<HTMLDivElement>) => {
    // A second finger zooms; the lens follows the first.
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
      {place === null && image.thumbnailUrl !== null ? (
        <Preview url={image.thumbnailUrl} isDim={load.kind === 'failed'} />
      ) : null}
      <FullImage
        key={source}
        url={image.url}
        alt={load.kind === 'failed' ? '' : image.title}
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
              label={`Divider between ${compare.partner.label} and ${compare.partner.imageLabel}`}
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

interface DividerProps {
  readonly label: string
  /** 0 to 1 of the visible image. */
  readonly share: number
  readonly box: Box
  readonly onShare: (share: number) => void
  /** Share at an x position of the stage. */
  readonly shareOf: (x: number) => number
}

/** Divider between two images, moved by pointer and keys. It starts focused, for arrow keys. */
function Divider({ label, share, box, onShare, shareOf }: DividerProps) {
  const handle = useRef<HTMLDivElement>(null)
  /** Distance from the line to the pointer; null while it is not dragged. */
  const grip = useRef<number | null>(null)
  useEffect(() => handle.current?.focus({ preventScroll: true }), [])
  const at = dividerAt(share, box)

  const stageX = ({ currentTarget, clientX }: PointerEvent<HTMLDivElement>) =>
    clientX - (currentTarget.parentElement?.getBoundingClientRect().left ?? 0)
  const grab = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    capturePointer(event.currentTarget, event.pointerId)
    // The line keeps its distance to the pointer, so that it does not jump.
    grip.current = stageX(event) - at
  }
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons === 0) grip.current = null
    if (grip.current !== null) onShare(shareOf(stageX(event) - grip.current))
  }
  const percent = Math.round(share * 100)
  return (
    <div
      ref={handle}
      data-handle
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={`${percent}%`}
      onPointerDown={grab}
      onPointerMove={drag}
      onKeyDown={(event) => {
        const next = event.shiftKey ? null : slidBy(event.key, share)
        if (next === null || event.ctrlKey || event.metaKey || event.altKey) return
        event.preventDefault()
        onShare(next)
      }}
      style={{ left: at, top: box.top, height: box.bottom - box.top }}
      className="group/divider absolute flex w-12 -translate-x-1/2 cursor-ew-resize touch-none items-center justify-center outline-none"
    >
      <span
        aria-hidden
        className="absolute inset-y-0 w-0.5 bg-white shadow-[0_0_0_1px_rgb(0_0_0/0.35)] forced-colors:bg-[Highlight]"
      />
      <span
        aria-hidden
        className="relative inline-flex size-10.5 items-center justify-center rounded-full border border-black/20 bg-white text-neutral-900 shadow-lg group-focus-visible/divider:outline-3 group-focus-visible/divider:outline-offset-2 group-focus-visible/divider:outline-accent"
      >
        <ChevronsLeftRight size={18} />
      </span>
    </div>
  )
}

interface LensRingProps {
  readonly label: string
  /** Content of the lens, shown below it. */
  readonly caption: string
  readonly centre: Point
  readonly radius: number
  readonly onMove: (to: Point) => void
}

/** Rim of the lens. Pointer events pass through; when focused, arrow keys move it. */
function LensRing({ label, caption, centre, radius, onMove }: LensRingProps) {
  const ring = useRef<HTMLButtonElement>(null)
  useEffect(() => ring.current?.focus({ preventScroll: true }), [])
  return (
    <button
      type="button"
      ref={ring}
      aria-label={label}
      aria-description="Arrow keys move it"
      onKeyDown={(event) => {
        const modified = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey
        const next = modified ? null : lensMovedBy(event.key, centre)
        if (next === null) return
        event.preventDefault()
        onMove(next)
      }}
      style={{
        left: centre.x - radius,
        top: centre.y - radius,
        width: 2 * radius,
        height: 2 * radius,
      }}
      className="pointer-events-none absolute rounded-full border-2 border-white shadow-[0_0_0_1px_rgb(0_0_0/0.45),0_8px_30px_rgb(0_0_0/0.5)] focus-visible:outline-3"
    >
      <span className="absolute bottom-0 left-1/2 max-w-full -translate-x-1/2 translate-y-1/2 truncate rounded-md bg-black/80 px-2 py-0.5 text-xs font-medium text-white forced-colors:border">
        <Shortened text={caption} length={24} />
      </span>
    </button>
  )
}
