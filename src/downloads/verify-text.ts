import type { Dimensions } from '../../core/api/task.ts'
import { formatBytes } from '../lib/bytes.ts'
import { formatNumber, plural } from '../lib/format.ts'
import type { ImageType } from './image-type.ts'
import type { Difference, PixelMatch, Verdict } from './verify.ts'

export interface VerdictWords {
  readonly title: string
  readonly details: readonly string[]
}

/** Verdict in words for the user who saved the file. */
export function verifyText(verdict: Verdict): VerdictWords {
  switch (verdict.kind) {
    case 'verified': {
      const facts = [typeWord(verdict.type), pixels(verdict.dimensions), formatBytes(verdict.size)]
      return { title: `Verified: ${facts.join(', ')}`, details: [MATCH_WORDS[verdict.pixels]] }
    }
    case 'unreadable':
      return unreadableWords(verdict)
    case 'differs':
      return differsWords(verdict.differences.map(differenceWords))
  }
}

const MATCH_WORDS = {
  'as-reported': 'Dimensions as reported.',
  'times-scale': 'Dimensions as reported, times the scale.',
  'not-reported': 'Complete and readable. Dimensions weren’t reported.',
} as const satisfies Record<PixelMatch, string>

/** A single difference is the title; several are listed below one. */
function differsWords(words: readonly string[]): VerdictWords {
  const [only = 'Doesn’t match the task'] = words
  if (words.length < 2) return { title: only, details: [] }
  return { title: `Doesn’t match the task: ${words.length} differences`, details: words }
}

function differenceWords(difference: Difference): string {
  switch (difference.kind) {
    case 'type': {
      const { actual, expected } = difference
      return `Got ${typeWord(actual)}, expected ${expected.map(typeWord).join(' or ')}`
    }
    case 'pixels': {
      const { actual, expected, factor } = difference
      const times = factor === null || factor === 1 ? '' : ` or ${formatNumber(factor)} times that`
      return `Got ${pixels(actual)}, expected ${pixels(expected)}${times}`
    }
    case 'size': {
      const [actual, expected] = formatDistinct(difference.actual, difference.expected)
      return `Got ${actual}, expected ${expected}`
    }
    case 'truncated':
      return truncatedWords(difference.actual, difference.expected)
    case 'single-colour':
      return `Every pixel is ${colourWord(difference.colour)}`
  }
}

function truncatedWords(actual: number, expected: number | null): string {
  if (actual === 0) return 'The file is empty: 0 bytes'
  if (expected === null || expected <= actual) {
    return `The file is cut off after ${formatBytes(actual)}`
  }
  const [part, whole] = formatDistinct(actual, expected)
  return `The file is cut off: ${part} of ${whole}`
}

function unreadableWords(verdict: Verdict & { kind: 'unreadable' }): VerdictWords {
  const bytes = formatBytes(verdict.size)
  if (verdict.why !== 'broken') {
    return {
      title:
        verdict.why === 'too-large'
          ? 'Not verified: the image is too large to open here'
          : 'Not verified: this browser can’t open the image',
      details: [`The file is complete (${typeWord(verdict.type)}, ${bytes}).`],
    }
  }
  const found =
    verdict.type === null
      ? `Unknown file type (${bytes}).`
      : `A damaged ${typeWord(verdict.type)} (${bytes}).`
  return { title: 'This file isn’t a readable image', details: [found] }
}

/** Two sizes formatted so that they differ, to the byte if needed. */
function formatDistinct(actual: number, expected: number): [actual: string, expected: string] {
  const words: [string, string] = [formatBytes(actual), formatBytes(expected)]
  return words[0] === words[1] ? [plural(actual, 'byte'), plural(expected, 'byte')] : words
}

const TYPE_WORDS = {
  png: 'PNG',
  jpg: 'JPEG',
  webp: 'WebP',
  gif: 'GIF',
  avif: 'AVIF',
  bmp: 'BMP',
  tiff: 'TIFF',
} as const satisfies Record<ImageType, string>

const typeWord = (type: ImageType | null): string =>
  type === null ? 'unknown type' : TYPE_WORDS[type]

const pixels = ({ width, height }: Dimensions): string =>
  `${formatNumber(width)} × ${formatNumber(height)} px`

function colourWord(colour: string): string {
  if (/^#.{6}00$/.test(colour)) return 'transparent'
  if (colour === '#000000') return `black (${colour})`
  if (colour === '#ffffff') return `white (${colour})`
  return colour
}
