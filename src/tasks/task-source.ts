import * as v from 'valibot'
import type { Settings } from '../../core/api/task.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { safeText } from '../../core/lib/safe-text.ts'

/** The image that a task was started with in this browser, of several the first. Kept for as long as the task is listed. */
export interface TaskSource {
  /** Name of the file; of an image from the web, the last part of its URL. */
  readonly name: string
  /** Number of other images of the task. */
  readonly more: number
  /** Their names, in order; fewer than `more` where there are many, or an earlier version started the task. */
  readonly others: readonly string[]
  /** Thumbnail as a data URL; null for none. */
  readonly thumb: string | null
  /** Pixels; null if unknown. */
  readonly width: number | null
  readonly height: number | null
}

/** Data about a task that this browser started. */
export interface OwnUpload {
  readonly source: TaskSource
  /** Null if unknown, as of a demo: then those that are kept stay. */
  readonly settings: Settings | null
  /** The task that it runs again; null for none. */
  readonly earlier: TaskId | null
}

const MAX_NAME_LENGTH = 255
/** Names of other images: enough to find a task by, and little to store. */
const MAX_OTHERS = 49
const MAX_OTHER_LENGTH = 200
/** Characters of a data URL: an image of 160 pixels fits, and 5,000 of them fit in the browser's storage. */
export const MAX_THUMB_LENGTH = 16_384

/** Whether it is a data URL of a small image. Other URLs would load, and tell their host who looks. */
export const isThumb = (text: string): boolean =>
  text.length <= MAX_THUMB_LENGTH &&
  /^data:image\/(webp|png|jpeg);base64,[A-Za-z0-9+/=]+$/.test(text)

const pixels = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1)))

export const thumbSchema = v.nullable(v.pipe(v.string(), v.check(isThumb)))
export const sourceSchema: v.GenericSchema<unknown, TaskSource> = v.object({
  name: v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH)),
  more: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
  others: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_OTHER_LENGTH))), v.maxLength(MAX_OTHERS)),
    [],
  ),
  thumb: thumbSchema,
  width: pixels,
  height: pixels,
})

/** As it is stored: with names that are safe to display, and no thumbnail that is too large. */
export const toStorableSource = (source: TaskSource): TaskSource => {
  const { name, more, others, thumb, width, height } = source
  return {
    name: safeText(name, MAX_NAME_LENGTH),
    more,
    others: others.slice(0, MAX_OTHERS).map((one) => safeText(one, MAX_OTHER_LENGTH)),
    thumb: thumb !== null && isThumb(thumb) ? thumb : null,
    width: sized(width),
    height: sized(height),
  }
}

const sized = (length: number | null): number | null =>
  length !== null && Number.isSafeInteger(length) && length > 0 ? length : null
