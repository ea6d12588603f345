import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dimensions, Settings, TaskFile } from '../../core/api/task.ts'
import { fileWith, settingsWith } from './testing.ts'
import { type Arrived, type DecodedImage, type Difference, judge, unfitness } from './verify.ts'
import { verifyText } from './verify-text.ts'

const DIMENSIONS: Dimensions = { width: 2560, height: 1600 }
const PICTURE: DecodedImage = { ...DIMENSIONS, singleColour: null }
const ARRIVED: Arrived = { size: 5_284_210, type: 'png', complete: true, decoded: PICTURE }
const SETTINGS = settingsWith()
const FILE = fileWith({ size: 5_284_210 })

const judged = (
  arrived: Partial<Arrived>,
  file: Partial<TaskFile> = {},
  settings: Partial<Settings> = {},
) =>
  judge(
    { ...ARRIVED, ...arrived },
    { file: { ...FILE, ...file }, settings: { ...SETTINGS, ...settings } },
  )

const decoded = (
  width: number,
  height: number,
  singleColour: string | null = null,
): DecodedImage => ({
  width,
  height,
  singleColour,
})

describe('a file that matches the task', () => {
  it.each<[says: string, Partial<Arrived>, Partial<TaskFile>, Partial<Settings>, pixels: string]>([
    ['all as reported', {}, {}, {}, 'as-reported'],
    ['turned by EXIF', { decoded: decoded(1600, 2560) }, {}, {}, 'as-reported'],
    ['the original reported', {}, { dimensions: { width: 640, height: 400 } }, {}, 'times-scale'],
    ['that one turned', {}, { dimensions: { width: 400, height: 640 } }, {}, 'times-scale'],
    [
      'the bytes of the original reported, too',
      {},
      { dimensions: { width: 640, height: 400 }, size: 412_876 },
      {},
      'times-scale',
    ],
    [
      'a scale nobody documents',
      { decoded: decoded(10_240, 6400) },
      { dimensions: { width: 640, height: 400 } },
      { scale: { kind: 'odd', text: '16' } },
      'times-scale',
    ],
    [
      'a rounded part of a pixel',
      { decoded: decoded(151, 76) },
      { dimensions: { width: 101, height: 51 } },
      { scale: { kind: 'odd', text: '1.5' } },
      'times-scale',
    ],
    ['a scale of 1', {}, {}, { scale: { kind: 'known', factor: 1 } }, 'as-reported'],
    ['nothing reported', {}, { dimensions: null, size: null, type: null }, {}, 'not-reported'],
    ['the type of the original', { type: 'webp' }, {}, { saveImageAs: 'webp' }, 'as-reported'],
    ['the type of fileType alone', { type: 'jpg' }, { type: 'image/jpeg' }, {}, 'as-reported'],
    [
      'words that promise no type',
      { type: null },
      { type: 'application/octet-stream' },
      { saveImageAs: 'best' },
      'as-reported',
    ],
  ])('%s', (_, arrived, file, settings, pixels) => {
    expect(judged(arrived, file, settings)).toMatchObject({ kind: 'verified', pixels })
  })
})

const WAYS: readonly (readonly [Partial<Arrived>, Partial<TaskFile>, readonly Difference[]])[] = [
  [{ type: 'jpg' }, {}, [{ kind: 'type', actual: 'jpg', expected: ['png'] }]],
  [{ type: null }, {}, [{ kind: 'type', actual: null, expected: ['png'] }]],
  [
    { type: 'webp' },
    { type: 'image/jpeg' },
    [{ kind: 'type', actual: 'webp', expected: ['png', 'jpg'] }],
  ],
  [
    { decoded: decoded(2560, 1599) },
    {},
    [
      {
        kind: 'pixels',
        actual: { width: 2560, height: 1599 },
        expected: DIMENSIONS,
        factor: 4,
      },
    ],
  ],
  [{ size: 5_284_209 }, {}, [{ kind: 'size', actual: 5_284_209, expected: 5_284_210 }]],
  [
    { size: 4_100_000, complete: false },
    {},
    [{ kind: 'truncated', actual: 4_100_000, expected: 5_284_210 }],
  ],
  [
    { size: 4_100_000, complete: false, decoded: { unreadable: 'broken' } },
    { size: null },
    [{ kind: 'truncated', actual: 4_100_000, expected: null }],
  ],
  [
    { size: 0, type: null, complete: false, decoded: { unreadable: 'broken' } },
    {},
    [{ kind: 'truncated', actual: 0, expected: 5_284_210 }],
  ],
  [{ decoded: decoded(2560, 1600, '#000000') }, {}, [{ kind: 'single-colour', colour: '#000000' }]],
]

describe('a file that differs', () => {
  it.each(WAYS)('%j %j: %j', (arrived, file, differences) => {
    expect(judged(arrived, file)).toMatchObject({ kind: 'differs', differences })
  })

  it('reports all differences at once', () => {
    const verdict = judged({ type: 'gif', size: 9, decoded: decoded(3, 3, '#00000000') })
    const kinds = verdict.kind === 'differs' ? verdict.differences.map(({ kind }) => kind) : []
    expect(kinds).toEqual(['type', 'pixels', 'size', 'single-colour'])
  })

  it('is no multiple when the scale is unknown', () => {
    const file = { dimensions: { width: 640, height: 400 } }
    expect(judged({}, file, { scale: null }).kind).toBe('differs')
  })
})

it('distinguishes broken, truncated and black images', () => {
  const broken = judged({ decoded: { unreadable: 'broken' } })
  const cut = judged({ complete: false, decoded: { unreadable: 'broken' } })
  const black = judged({ decoded: decoded(2560, 1600, '#000000') })
  expect(broken).toMatchObject({ kind: 'unreadable', why: 'broken' })
  const titles = [broken, cut, black].map((verdict) => verifyText(verdict).title)
  expect(titles).toEqual([
    'This file isn’t a readable image',
    'The file is cut off after 5.3 MB',
    'Every pixel is black (#000000)',
  ])
})

describe('the text', () => {
  it.each<[Partial<Arrived>, Partial<TaskFile>, string, string[]]>([
    [{}, {}, 'Verified: PNG, 2,560 × 1,600 px, 5.3 MB', ['Dimensions as reported.']],
    [
      {},
      { dimensions: { width: 640, height: 400 } },
      'Verified: PNG, 2,560 × 1,600 px, 5.3 MB',
      ['Dimensions as reported, times the scale.'],
    ],
    [{ size: 4_100_000 }, {}, 'Got 4.1 MB, expected 5.3 MB', []],
    [{ size: 5_284_209 }, {}, 'Got 5,284,209 bytes, expected 5,284,210 bytes', []],
    [{ size: 4_100_000, complete: false }, {}, 'The file is cut off: 4.1 MB of 5.3 MB', []],
    [{ size: 0, complete: false }, {}, 'The file is empty: 0 bytes', []],
    [{ type: 'webp' }, { type: 'image/jpeg' }, 'Got WebP, expected PNG or JPEG', []],
    [
      { decoded: decoded(100, 100) },
      {},
      'Got 100 × 100 px, expected 2,560 × 1,600 px or 4 times that',
      [],
    ],
    [
      { type: 'jpg', decoded: decoded(2560, 1600, '#12345600') },
      {},
      'Doesn’t match the task: 2 differences',
      ['Got JPEG, expected PNG', 'Every pixel is transparent'],
    ],
    [
      { type: null, size: 512, decoded: { unreadable: 'broken' } },
      {},
      'This file isn’t a readable image',
      ['Unknown file type (512 bytes).'],
    ],
    [
      { decoded: { unreadable: 'too-large' } },
      {},
      'Not verified: the image is too large to open here',
      ['The file is complete (PNG, 5.3 MB).'],
    ],
  ])('%j %j: %s', (arrived, file, title, details) => {
    expect(verifyText(judged(arrived, file))).toEqual({ title, details })
  })
})

describe('any file', () => {
  const anyType = fc.constantFrom('png', 'jpg', 'webp', null)
  const anyDimensions = fc.record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
  })
  const anyArrived: fc.Arbitrary<Arrived> = fc.record({
    size: fc.nat(3),
    type: anyType,
    complete: fc.boolean(),
    decoded: fc.oneof(
      fc.constantFrom({ unreadable: 'broken' } as const, { unreadable: 'too-large' } as const),
      fc
        .tuple(anyDimensions, fc.constantFrom(null, '#000000'))
        .map(([size, singleColour]) => ({ ...size, singleColour })),
    ),
  })
  const anyFile = fc.record({
    type: fc.constantFrom('image/png', 'image/jpeg', 'application/octet-stream', null),
    size: fc.option(fc.nat(3)),
    dimensions: fc.option(anyDimensions),
  })

  it('gets one verdict, with a reason and text', () => {
    fc.assert(
      fc.property(anyArrived, anyFile, (arrived, file) => {
        const verdict = judged(arrived, file)
        const words = verifyText(verdict)
        expect(words.title.length).toBeGreaterThan(10)
        expect(JSON.stringify(words)).not.toMatch(/null|undefined|NaN/)
        if (verdict.kind === 'differs') expect(verdict.differences).not.toHaveLength(0)
        if (verdict.kind === 'verified') expect(arrived.complete).toBe(true)
        if (!arrived.complete) expect(JSON.stringify(verdict)).toContain('"truncated"')
      }),
      { numRuns: 1000 },
    )
  })

  it('is verified when nothing was expected, unless it is not a complete image', () => {
    fc.assert(
      fc.property(anyArrived, (arrived) => {
        const nothing = { type: null, size: null, dimensions: null }
        const verdict = judged(arrived, nothing, { saveImageAs: null, scale: null })
        const fine =
          arrived.complete && 'width' in arrived.decoded && arrived.decoded.singleColour === null
        expect(verdict.kind === 'verified').toBe(fine)
      }),
    )
  })
})

describe('files not worth saving', () => {
  it.each<
    [says: string, Partial<Arrived>, Partial<TaskFile>, Partial<Settings>, kind: string | null]
  >([
    ['an image', {}, {}, {}, null],
    ['one of another type', { type: 'webp' }, {}, {}, null],
    ['nothing', { size: 0, type: null, complete: false }, {}, {}, 'empty'],
    ['a page', { type: null }, {}, {}, 'no-image'],
    [
      'a page, where nothing was expected',
      { type: null },
      { type: null },
      { saveImageAs: null },
      'no-image',
    ],
    ['half of an image', { complete: false }, {}, {}, 'incomplete'],
    ['what is not known here', { type: null }, {}, { saveImageAs: 'heic' }, null],
    ['that, by the file', { type: null }, { type: 'image/jxl' }, { saveImageAs: null }, null],
  ])('%s', (_, arrived, file, settings, kind) => {
    const expected = { file: { ...FILE, ...file }, settings: { ...SETTINGS, ...settings } }
    expect(unfitness({ ...ARRIVED, ...arrived }, expected)?.kind ?? null).toBe(kind)
  })
})
