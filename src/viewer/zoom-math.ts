/** Width and height in one unit: pixels of an image, or CSS pixels of the page. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Top left corner of the image in CSS pixels of the stage, and CSS pixels per image pixel. */
export interface View {
  readonly x: number
  readonly y: number
  readonly k: number
}

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Free CSS pixels around a fitted image. The preview uses the same margin. */
export const MARGIN = 12

const LARGEST = 16
const LARGEST_SMALL = 4

/** Scale at which the whole image fits the stage. */
export function fitScale(image: Size, stage: Size): number {
  const width = Math.max(1, stage.width - 2 * MARGIN)
  const height = Math.max(1, stage.height - 2 * MARGIN)
  return Math.min(width / image.width, height / image.height)
}

/** Scale at which one image pixel is one screen pixel. `density`: screen pixels per CSS pixel. */
export const actualScale = (density: number): number => 1 / density

/** Includes "fit", "actual pixels" and single visible pixels for any sizes. */
export function scaleRange(image: Size, stage: Size, density: number): [number, number] {
  const fit = fitScale(image, stage)
  const actual = actualScale(density)
  return [Math.min(fit, actual), Math.max(LARGEST * actual, LARGEST_SMALL * fit)]
}

/** Screen pixels per image pixel, in percent. */
export function percentOf(k: number, density: number): number {
  const percent = k * density * 100
  return percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent)
}

const heldAxis = (offset: number, length: number, room: number): number =>
  length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset))

/** Nearest view without empty space beside the image; a smaller image is centred. */
export function held(view: View, image: Size, stage: Size): View {
  return {
    k: view.k,
    x: heldAxis(view.x, image.width * view.k, stage.width),
    y: heldAxis(view.y, image.height * view.k, stage.height),
  }
}

export const fitted = (image: Size, stage: Size): View =>
  held({ x: 0, y: 0, k: fitScale(image, stage) }, image, stage)

/** The image at another scale; the content at `point` of the stage stays in place. */
export function scaledTo(k: number, view: View, point: readonly [number, number]): View {
  const [px, py] = point
  const by = k / view.k
  return { k, x: px - (px - view.x) * by, y: py - (py - view.y) * by }
}

/** Compares to a thousandth, since scales are results of divisions. */
export const sameScale = (a: number, b: number): boolean => Math.abs(a / b - 1) < 0.001

/** Part of the stage in which the image is visible. */
export function visibleBox(view: View, image: Size, stage: Size): Box {
  return {
    left: Math.max(0, view.x),
    top: Math.max(0, view.y),
    right: Math.min(stage.width, view.x + image.width * view.k),
    bottom: Math.min(stage.height, view.y + image.height * view.k),
  }
}
