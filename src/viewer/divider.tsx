import { ChevronsLeftRight } from 'lucide-react'
import { type PointerEvent, useEffect, useRef } from 'react'
import { capturePointer } from '../lib/browser/elements.ts'
import { dividerAt, slidBy } from './compare-math.ts'
import type { Box } from './zoom-math.ts'

interface DividerProps {
  readonly label: string
  /** 0 to 1 of the visible picture. */
  readonly share: number
  readonly box: Box
  readonly onShare: (share: number) => void
  /** The share at a place of the stage. */
  readonly shareOf: (x: number) => number
}

/** The line between two pictures, moved by pointer and keys. It starts focused, so that arrows move it. */
export function Divider({ label, share, box, onShare, shareOf }: DividerProps) {
  const handle = useRef<HTMLDivElement>(null)
  /** How far from the line it was taken; null while nobody holds it. */
  const grip = useRef<number | null>(null)
  useEffect(() => handle.current?.focus({ preventScroll: true }), [])
  const at = dividerAt(share, box)

  const stageX = ({ currentTarget, clientX }: PointerEvent<HTMLDivElement>) =>
    clientX - (currentTarget.parentElement?.getBoundingClientRect().left ?? 0)
  const grab = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    capturePointer(event.currentTarget, event.pointerId)
    // The line keeps its distance to the pointer that took it, so that it does not jump.
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
