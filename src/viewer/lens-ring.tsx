import { useEffect, useRef } from 'react'
import { Shortened } from '../components/shortened.tsx'
import { lensMovedBy, type Point } from './compare-math.ts'

interface LensRingProps {
  readonly label: string
  /** What is inside of the glass, written below it. */
  readonly caption: string
  readonly centre: Point
  readonly radius: number
  readonly onMove: (to: Point) => void
}

/** The rim of the lens. The pointer passes through it to the stage; focused, arrow keys move it. */
export function LensRing({ label, caption, centre, radius, onMove }: LensRingProps) {
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
