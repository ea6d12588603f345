import { type Dimensions, type Settings, scaleFactor, type TaskFile } from '../../core/api/task.ts'
import { type ImageType, imageType } from './image-type.ts'

/** Reason for a failed decoding: invalid bytes, too large for a browser, no decoder in this one. */
export type Unreadable = 'broken' | 'too-large' | 'no-decoder'

export type DecodedImage =
  /** `singleColour`: the one colour of all pixels, #rrggbb or #rrggbbaa. */
  (Dimensions & { readonly singleColour: string | null }) | { readonly unreadable: Unreadable }

/** Facts from the head and tail of a file. */
export interface Glance {
  readonly size: number
  /** By its first bytes. */
  readonly type: ImageType | null
  /** Whether the end marker is there. True for a type that has none. */
  readonly complete: boolean
}

/** A downloaded file, as `examine` found it. */
export interface Arrived extends Glance {
  readonly decoded: DecodedImage
}

export interface Expected {
  readonly file: TaskFile
  readonly settings: Settings
}

export type Difference =
  | { readonly kind: 'type'; readonly actual: ImageType | null; readonly expected: ImageType[] }
  | {
      readonly kind: 'pixels'
      readonly actual: Dimensions
      readonly expected: Dimensions
      readonly factor: number | null
    }
  | { readonly kind: 'size'; readonly actual: number; readonly expected: number }
  | { readonly kind: 'truncated'; readonly actual: number; readonly expected: number | null }
  | { readonly kind: 'single-colour'; readonly colour: string }

/** Basis of the comparison of pixels: the file's dimensions, those times the scale, or nothing. */
export type PixelMatch = 'as-reported' | 'times-scale' | 'not-reported'

interface Facts {
  readonly type: ImageType | null
  readonly size: number
}

export type Verdict =
  | (Facts & {
      readonly kind: 'verified'
      readonly pixels: PixelMatch
      readonly dimensions: Dimensions
    })
  | (Facts & { readonly kind: 'differs'; readonly differences: readonly Difference[] })
  | (Facts & { readonly kind: 'unreadable'; readonly why: Unreadable })

/** Reason not to save a downloaded file. */
export type Unfit =
  | { readonly kind: 'empty' }
  /** Something else, such as an HTML page. */
  | { readonly kind: 'no-image' }
  | { readonly kind: 'incomplete'; readonly received: number }

/** Reason not to save the file, or null. */
export function unfitness(
  { size, type, complete }: Glance,
  { file, settings }: Expected,
): Unfit | null {
  if (size === 0) return { kind: 'empty' }
  // An unknown image type cannot be distinguished from a page.
  const word = settings.saveImageAs ?? file.type
  if (type === null) return word !== null && imageType(word) === null ? null : { kind: 'no-image' }
  return complete ? null : { kind: 'incomplete', received: size }
}

/** Compares the file with what was expected. Whatever was not reported is never a difference. */
export function judge(arrived: Arrived, { file, settings }: Expected): Verdict {
  const { size, type, complete, decoded } = arrived
  const facts = { size, type }
  if ('unreadable' in decoded && complete) {
    return { kind: 'unreadable', why: decoded.unreadable, ...facts }
  }
  const differences: Difference[] = []
  const expectedTypes = typesOf(file, settings)
  // An empty file has no other differences worth reporting.
  const typed = size > 0 && expectedTypes.length > 0
  if (typed && (type === null || !expectedTypes.includes(type))) {
    differences.push({ kind: 'type', actual: type, expected: expectedTypes })
  }
  const match = 'unreadable' in decoded ? 'not-reported' : pixelsOf(decoded, file, settings)
  if (match === null && file.dimensions !== null && !('unreadable' in decoded)) {
    differences.push({
      kind: 'pixels',
      actual: { width: decoded.width, height: decoded.height },
      expected: file.dimensions,
      factor: scaleFactor(settings.scale),
    })
  }
  if (!complete) differences.push({ kind: 'truncated', actual: size, expected: file.size })
  // Where the dimensions are the original's, so is the size in bytes.
  else if (file.size !== null && file.size !== size && match !== 'times-scale') {
    differences.push({ kind: 'size', actual: size, expected: file.size })
  }
  if (!('unreadable' in decoded) && decoded.singleColour !== null) {
    differences.push({ kind: 'single-colour', colour: decoded.singleColour })
  }
  if (differences.length > 0 || match === null || 'unreadable' in decoded) {
    return { kind: 'differs', differences, ...facts }
  }
  const dimensions = { width: decoded.width, height: decoded.height }
  return { kind: 'verified', pixels: match, dimensions, ...facts }
}

/** It is undocumented whether `fileType` is the original's or the result's, so either matches. */
function typesOf(file: TaskFile, settings: Settings): ImageType[] {
  const types = [imageType(settings.saveImageAs), imageType(file.type)]
  return [...new Set(types)].filter((type) => type !== null)
}

/** Nor whether `dimensions` are the original's. Null if neither matches. */
function pixelsOf(actual: Dimensions, file: TaskFile, settings: Settings): PixelMatch | null {
  const { dimensions } = file
  if (dimensions === null) return 'not-reported'
  if (isSize(actual, dimensions, 1)) return 'as-reported'
  const factor = scaleFactor(settings.scale)
  return factor !== null && isSize(actual, dimensions, factor) ? 'times-scale' : null
}

/** Ignores a quarter turn by EXIF and the rounding of fractional pixels. */
function isSize(actual: Dimensions, expected: Dimensions, factor: number): boolean {
  const isClose = (a: number, b: number) => Math.abs(a - b * factor) < 1
  return (
    (isClose(actual.width, expected.width) && isClose(actual.height, expected.height)) ||
    (isClose(actual.width, expected.height) && isClose(actual.height, expected.width))
  )
}
