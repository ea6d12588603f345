import { formatBytes } from '../lib/bytes.ts'
import { formatNumber, plural } from '../lib/format.ts'
import type { Dimensions } from '../upscayl/task.ts'
import type { ImageType } from './image-type.ts'
import type { Difference, PixelMatch, Verdict } from './verify.ts'

export interface VerdictWords {
  readonly title: string
  readonly details: readonly string[]
}

/** A verdict in the words of who saved the file. */
export function verdictWords(verdict: Verdict): VerdictWords {
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
  'as-reported': 'The size in pixels is the one reported.',
  'times-scale': 'The size in pixels is the one reported times the scale.',
  'not-reported': 'It is whole and can be read. Its size in pixels was not reported.',
} as const satisfies Record<PixelMatch, string>

/** One difference is the title itself; several are listed below one. */
function differsWords(words: readonly string[]): VerdictWords {
  const [only = 'The file differs from what was promised'] = words
  if (words.length < 2) return { title: only, details: [] }
  return { title: `The file differs in ${words.length} ways`, details: words }
}

function differenceWords(difference: Difference): string {
  switch (difference.kind) {
    case 'type': {
      const { came, promised } = difference
      return `The type differs: ${came === null ? 'an unknown one' : typeWord(came)} came, ${promised.map(typeWord).join(' or ')} was promised`
    }
    case 'pixels': {
      const { came, promised, factor } = difference
      const times =
        factor === null || factor === 1 ? '' : `, or ${formatNumber(factor)} times that,`
      return `The size in pixels differs: ${pixels(came)} came, ${pixels(promised)}${times} were promised`
    }
    case 'size': {
      const [came, promised] = apart(difference.came, difference.promised)
      return `The size differs: ${came} came, ${promised} were promised`
    }
    case 'truncated':
      return truncatedWords(difference.came, difference.promised)
    case 'single-colour':
      return `Every pixel is ${colourWord(difference.colour)}`
  }
}

function truncatedWords(came: number, promised: number | null): string {
  if (came === 0) return 'The file is empty: 0 bytes came'
  if (promised === null || promised <= came) {
    return `The file is cut off: it stops after ${formatBytes(came)}, before its end`
  }
  const [part, whole] = apart(came, promised)
  return `The file is cut off: ${part} of ${whole} came`
}

function unreadableWords(verdict: Verdict & { kind: 'unreadable' }): VerdictWords {
  const bytes = formatBytes(verdict.size)
  if (verdict.why !== 'broken') {
    return {
      title:
        verdict.why === 'too-large'
          ? 'Not verified: the picture is too large to open here'
          : 'Not verified: this browser can’t open the image',
      details: [`All of the file is there (${typeWord(verdict.type)}, ${bytes}).`],
    }
  }
  const found =
    verdict.type === null
      ? `It is not a type of picture that is known here (${bytes}).`
      : `It begins and ends as a ${typeWord(verdict.type)} does (${bytes}), but what is between is damaged.`
  return { title: 'The file cannot be read as a picture', details: [found] }
}

/** Two sizes in words that differ, if need be to the byte. */
function apart(came: number, promised: number): [came: string, promised: string] {
  const words: [string, string] = [formatBytes(came), formatBytes(promised)]
  return words[0] === words[1] ? [plural(came, 'byte'), plural(promised, 'byte')] : words
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
