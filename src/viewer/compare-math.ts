import type { Box, Size } from './zoom-math.ts'

const STEP = 0.02
const LARGE_STEP = 0.1

const between = (low: number, value: number, high: number): number =>
  Math.min(high, Math.max(low, value))

/** Position of the divider on the stage in CSS pixels; `share`: 0 to 1 of the visible image. */
export const dividerAt = (share: number, box: Box): number =>
  box.left + share * (box.right - box.left)

/** Share of the visible image to the left of `x`. */
export function shareAt(x: number, box: Box): number {
  const width = box.right - box.left
  return width <= 0 ? 0.5 : between(0, (x - box.left) / width, 1)
}

const SLIDES: ReadonlyMap<string, number> = new Map([
  ['ArrowLeft', -STEP],
  ['ArrowDown', -STEP],
  ['ArrowRight', STEP],
  ['ArrowUp', STEP],
  ['PageDown', -LARGE_STEP],
  ['PageUp', LARGE_STEP],
  ['Home', -1],
  ['End', 1],
])

/** New share after a key press on the slider; null for other keys. */
export function slidBy(key: string, share: number): number | null {
  const by = SLIDES.get(key)
  return by === undefined ? null : between(0, share + by, 1)
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

/** Direction of an arrow key, or null. */
export const directionOf = (key: string): Point | null => DIRECTIONS[key] ?? null

/** New centre of the lens after an arrow key; null for any other key. */
export function lensMovedBy(key: string, centre: Point): Point | null {
  const way = directionOf(key)
  return way && { x: centre.x + way.x * LENS_STEP, y: centre.y + way.y * LENS_STEP }
}

/** Keeps the centre of the lens on the visible image. */
export const lensHeld = ({ x, y }: Point, box: Box): Point => ({
  x: between(box.left, x, box.right),
  y: between(box.top, y, box.bottom),
})

/** Large enough to see a face in, small enough to see around, on a phone as on a desktop. */
export const lensRadius = (stage: Size): number =>
  Math.round(between(56, Math.min(stage.width, stage.height) * 0.24, 160))

/** Whether aspect ratios differ by more than one percent: one image is visibly stretched. */
export function shapesDiffer(a: Size, b: Size): boolean {
  const ratio = a.width / a.height / (b.width / b.height)
  return Math.max(ratio, 1 / ratio) > 1.01
}
