import { loadImage } from '../../lib/browser/decode-image.ts'
import { drawThumb } from '../../tasks/draw-thumb.ts'
import { type Titled, taskThumb } from '../../tasks/task-title.ts'

/** As many as a live link holds. */
const MAX_FILES = 40
/** Characters of all images of a link together: the server takes 256 KiB. */
const MAX_LENGTH = 200_000
/** Longest side in pixels: the fewer files, the larger. */
const sideFor = (files: number): number => (files <= 4 ? 256 : files <= 12 ? 160 : 96)

/** A task as it is shared, with what this browser knows of its image. */
export type ShownTask = Titled & { readonly thumb?: string | null }

export type Previews = readonly (string | null)[]

/** Small images for a live link, one per file; null where none can be read. Before the end, the source's. */
export async function drawPreviews(shown: ShownTask): Promise<Previews> {
  const files = shown.record.task?.files.slice(0, MAX_FILES) ?? []
  const own = shown.thumb ?? shown.source?.thumb ?? null
  if (files.length === 0) return own === null ? [] : [own]
  const side = sideFor(files.length)
  const drawn = await Promise.all(files.map(({ thumbnailUrl }) => draw(thumbnailUrl, side)))
  let left = MAX_LENGTH
  return drawn.map((preview, place) => {
    const image = preview ?? (place === 0 ? own : null)
    if (image === null || image.length > left) return null
    left -= image.length
    return image
  })
}

/** Side and length of an image within a link. */
const TINY_SIDE = 48
const MAX_TINY_LENGTH = 2_000

/** An image small enough for the link of a snapshot; null if there is none. */
export async function drawTiny(shown: ShownTask): Promise<string | null> {
  const tiny = await draw(taskThumb(shown), TINY_SIDE)
  return tiny === null || tiny.length > MAX_TINY_LENGTH ? null : tiny
}

async function draw(url: string | null, side: number): Promise<string | null> {
  const image = url === null ? null : await loadImage(url)
  return image && drawThumb(image, image.naturalWidth, image.naturalHeight, side)
}
