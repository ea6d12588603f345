import type { Box, Size } from './zoom-math.ts'

const STEP = 0.02
const LARGE_STEP = 0.1

const between = (low: number, value: number, high: number): number =>
  Math.min(high, Math.max(low, value))

/** Where a divider at `share` (0 to 1) of the visible picture is on the stage, in CSS pixels. */
export const dividerAt = (share: number, box: Box): number =>
  box.left + share * (box.right - box.left)

/** The share of the visible picture that is left of `x`. */
export function shareAt(x: number, box: Box): number {
  const width = box.right - box.left
  return width <= 0 ? 0.5 : between(0, (x - box.left) / width, 1)
}

/** What a key makes of a slider at `share`; null where the key means nothing to one. */
export function slidBy(key: string, share: number): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return between(0, share - STEP, 1)
    case 'ArrowRight':
    case 'ArrowUp':
      return between(0, share + STEP, 1)
    case 'PageDown':
      return between(0, share - LARGE_STEP, 1)
    case 'PageUp':
      return between(0, share + LARGE_STEP, 1)
    case 'Home':
      return 0
    case 'End':
      return 1
    default:
      return null
  }
}

export interface Point {
  readonly x: number
  readonly y: number
}

const LENS_STEP = 16
const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** The way an arrow key points, or null. */
export const directionOf = (key: string): Point | null => DIRECTIONS[key] ?? null

/** Where an arrow key takes the centre of the lens; null for any other key. */
export function lensMovedBy(key: string, centre: Point): Point | null {
  const way = directionOf(key)
  return way && { x: centre.x + way.x * LENS_STEP, y: centre.y + way.y * LENS_STEP }
}

/** The centre of the glass stays on the visible picture. */
export const lensHeld = ({ x, y }: Point, box: Box): Point => ({
  x: between(box.left, x, box.right),
  y: between(box.top, y, box.bottom),
})

/** Large enough to see a face in, small enough to see around, on a phone as on a desk. */
export const lensRadius = (stage: Size): number =>
  Math.round(between(56, Math.min(stage.width, stage.height) * 0.24, 160))

/** Whether two pictures differ in shape by more than a hundredth, so that one is visibly stretched. */
export function shapesDiffer(a: Size, b: Size): boolean {
  const ratio = a.width / a.height / (b.width / b.height)
  return Math.max(ratio, 1 / ratio) > 1.01
}
