/** Width and height in one unit: pixels of a picture, or CSS pixels of the page. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Where the picture is: its top left corner in CSS pixels of the stage, and CSS pixels for each of its own. */
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

/** CSS pixels that stay free around a picture which fits. The preview keeps the same. */
export const MARGIN = 12

const LARGEST = 16
const LARGEST_SMALL = 4

/** The whole picture, as large as the stage allows. */
export function fitScale(picture: Size, stage: Size): number {
  const width = Math.max(1, stage.width - 2 * MARGIN)
  const height = Math.max(1, stage.height - 2 * MARGIN)
  return Math.min(width / picture.width, height / picture.height)
}

/** One pixel of the picture on one of the screen. `density` is the screen's pixels for a CSS pixel. */
export const actualScale = (density: number): number => 1 / density

/** Both "fit" and "actual pixels" can be reached, and single pixels seen, whatever the sizes. */
export function scaleRange(picture: Size, stage: Size, density: number): [number, number] {
  const fit = fitScale(picture, stage)
  const actual = actualScale(density)
  return [Math.min(fit, actual), Math.max(LARGEST * actual, LARGEST_SMALL * fit)]
}

/** How many pixels of the screen show one of the picture, in per cent. */
export function percentOf(k: number, density: number): number {
  const percent = k * density * 100
  return percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent)
}

const heldAxis = (offset: number, length: number, room: number): number =>
  length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset))

/** The nearest view that shows nothing beside the picture: what is smaller than the stage is centred. */
export function held(view: View, picture: Size, stage: Size): View {
  return {
    k: view.k,
    x: heldAxis(view.x, picture.width * view.k, stage.width),
    y: heldAxis(view.y, picture.height * view.k, stage.height),
  }
}

export const fitted = (picture: Size, stage: Size): View =>
  held({ x: 0, y: 0, k: fitScale(picture, stage) }, picture, stage)

/** The same picture at another scale; what is at `point` of the stage stays there. */
export function scaledTo(k: number, view: View, point: readonly [number, number]): View {
  const [px, py] = point
  const by = k / view.k
  return { k, x: px - (px - view.x) * by, y: py - (py - view.y) * by }
}

/** Compares to a thousandth, since scales are the result of divisions. */
export const sameScale = (a: number, b: number): boolean => Math.abs(a / b - 1) < 0.001

/** The part of the stage in which the picture is seen. */
export function visibleBox(view: View, picture: Size, stage: Size): Box {
  return {
    left: Math.max(0, view.x),
    top: Math.max(0, view.y),
    right: Math.min(stage.width, view.x + picture.width * view.k),
    bottom: Math.min(stage.height, view.y + picture.height * view.k),
  }
}
