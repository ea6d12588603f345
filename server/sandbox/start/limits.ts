import type { Format } from '../store/tasks.ts'

/** Pictures of one task, where they come by address. */
export const MOST_URLS = 20

/**
 * Pixels of a result, and so of a picture, since none gets smaller. Decoded these are 400 MB at most,
 * which a browser still shows. Turned upright, or as a WebP, one is held in memory: 0.6 GB at most.
 */
export const MOST_PIXELS = 100_000_000

/** What the formats, and the libraries that write them, can hold. */
const LONGEST_SIDE = { jpg: 65_500, png: 1_000_000, webp: 16_383 } as const satisfies Record<
  Format,
  number
>

export interface Size {
  readonly width: number
  readonly height: number
}

const SCALES = [8, 7, 6, 5, 4, 3, 2, 1] as const

/** The largest scale at which a picture of that size can be made; null where none will do. */
export const largestScale = ({ width, height }: Size, format: Format): number | null =>
  SCALES.find(
    (scale) =>
      width * height * scale ** 2 <= MOST_PIXELS &&
      Math.max(width, height) * scale <= LONGEST_SIDE[format],
  ) ?? null
