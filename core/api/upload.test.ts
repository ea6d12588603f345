import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeRequest, parseUpload, readTaskCost } from './upload.ts'
import { MAX_COMPLETE_BYTES, MAX_FILE_BYTES } from './upload-limits.ts'

/** As documented. */
const answer = (size: number, partSize: number, change: Record<string, unknown> = {}) => ({
  status: 'success',
  data: {
    uploadId: 'u-1',
    partUrls: Array.from({ length: Math.ceil(size / partSize) }, (_, at) => ({
      partNumber: at + 1,
      signedUrl: `https://storage.example/u-1?partNumber=${at + 1}`,
    })),
    partSize,
    fileName: '1k2.jpg',
    fileType: 'image/jpeg',
    fileSize: size,
    originalFileName: 'image.jpg',
    path: 'users/14/1k2.jpg',
    createdAt: 1_640_995_200,
    expiresAt: 1_640_998_800,
    ...change,
  },
})

const linksOf = (...numbers: readonly number[]) =>
  numbers.map((partNumber) => ({
    partNumber,
    signedUrl: `https://storage.example/u-1?partNumber=${partNumber}`,
  }))

describe('an upload', () => {
  it('has the data that a start wants back, unchanged', () => {
    const upload = parseUpload(answer(10, 4), 10)
    expect(upload).toEqual({
      ok: true,
      value: {
        uploadId: 'u-1',
        parts: [
          { number: 1, url: 'https://storage.example/u-1?partNumber=1', from: 0, to: 4 },
          { number: 2, url: 'https://storage.example/u-1?partNumber=2', from: 4, to: 8 },
          { number: 3, url: 'https://storage.example/u-1?partNumber=3', from: 8, to: 10 },
        ],
        expiresAt: 1_640_998_800_000,
        file: {
          fileName: '1k2.jpg',
          fileType: 'image/jpeg',
          fileSize: 10,
          originalFileName: 'image.jpg',
          path: 'users/14/1k2.jpg',
          createdAt: 1_640_995_200,
          expiresAt: 1_640_998_800,
        },
      },
    })
  })

  it('has parts that cover the file without gap or overlap, in any order of the links', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 600 }))
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.nat()), ([size, partSize], order) => {
        const { partUrls } = answer(size, partSize).data
        const shuffled = partUrls
          .map((it) => [order.next().value ?? 0, it] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, it]) => it)
        const upload = parseUpload(answer(size, partSize, { partUrls: shuffled }), size)
        if (!upload.ok) throw new Error(upload.error)
        let at = 0
        for (const { number, url, from, to } of upload.value.parts) {
          expect(from).toBe(at)
          expect(to - from).toBeLessThanOrEqual(partSize)
          expect(to).toBeGreaterThan(from)
          expect(url.endsWith(`=${number}`)).toBe(true)
          at = to
        }
        expect(at).toBe(size)
      }),
    )
  })

  it.each<[string, Record<string, unknown>]>([
    ['without its ID', { uploadId: '' }],
    ['without a path', { path: null }],
    ['without a part size', { partSize: 0 }],
    ['with parts that are too small', { partSize: 1 }],
    ['without links', { partUrls: [] }],
    ['with a link missing', { partUrls: answer(10, 4).data.partUrls.slice(1) }],
    ['with a negative part size', { partSize: -4 }],
    ['with a broken part size', { partSize: 2.5 }],
    ['with an endless part size', { partSize: Number.POSITIVE_INFINITY }],
    ['with a part size as text', { partSize: '4' }],
    ['with parts from 0 on', { partUrls: linksOf(0, 1, 2) }],
    ['with a negative part', { partUrls: linksOf(-1, 1, 2, 3) }],
    ['with half a part', { partUrls: linksOf(1, 1.5, 2, 3) }],
    ['with parts as text', { partUrls: [{ ...linksOf(1)[0], partNumber: '1' }] }],
    [
      'with two links for a part',
      { partUrls: [...linksOf(1, 2, 3), { ...linksOf(9)[0], partNumber: 2 }] },
    ],
    [
      'with one link for two parts',
      { partUrls: linksOf(1, 1, 1).map((it, at) => ({ ...it, partNumber: at + 1 })) },
    ],
  ])('%s is none', (_, change) => {
    expect(parseUpload(answer(10, 4, change), 10)).toEqual({ ok: false, error: 'not-an-upload' })
  })

  it.each([
    ...[
      'javascript:1',
      'data:,a',
      'blob:https://a.example/1',
      'file:///etc/passwd',
      'ftp://a.example/',
    ],
    ...['//a.example/1', '/uploads/1', 'https://', ' https://a.example', 'https:a.example', ''],
  ])('with %j as a link is none', (signedUrl) => {
    const partUrls = [{ partNumber: 1, signedUrl }, ...linksOf(2, 3)]
    expect(parseUpload(answer(10, 4, { partUrls }), 10).ok).toBe(false)
  })

  it('has at most 10,000 parts, whose list the server takes', () => {
    const whole = parseUpload(answer(MAX_FILE_BYTES, 10_486), MAX_FILE_BYTES)
    if (!whole.ok) throw new Error(whole.error)
    expect(whole.value.parts).toHaveLength(10_000)
    const sent = whole.value.parts.map(({ number }) => ({ number, etag: `"${'e'.repeat(32)}"` }))
    const { length } = JSON.stringify(completeRequest(whole.value, sent))
    expect(length).toBeLessThan(MAX_COMPLETE_BYTES)
    expect(parseUpload(answer(MAX_FILE_BYTES, 10_000), MAX_FILE_BYTES).ok).toBe(false)
  })

  it('has parts by its part size, whatever else the response has', () => {
    const more = { partUrls: linksOf(1, 2, 3, 4, 5), fileSize: 1, ['__proto__']: { path: 'x' } }
    const upload = parseUpload(answer(10, 4, more), 10)
    expect(upload.ok && upload.value.parts.map(({ from, to }) => [from, to])).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ])
    expect(parseUpload(answer(10, 4, { partSize: 1e15 }), 10)).toMatchObject({
      value: { parts: [{ from: 0, to: 10 }] },
    })
  })

  it('sends no byte twice, nor to anything but a link of its own', () => {
    const often = <T>(arbitrary: fc.Arbitrary<T>) => ({ weight: 30, arbitrary })
    const rarely = <T>(...values: readonly T[]) => ({
      weight: 1,
      arbitrary: fc.constantFrom(...values),
    })
    const number = fc.oneof(
      often(fc.integer({ min: 1, max: 4 })),
      rarely<unknown>(0, -1, 1.5, '1', null),
    )
    const link = fc.nat(4).map((n) => `https://storage.example/${n}`)
    const url = fc.oneof(often(link), rarely<unknown>('javascript:1', '//a.example', null))
    const partUrls = fc.array(fc.record({ partNumber: number, signedUrl: url }), { maxLength: 6 })
    const sizes = fc.oneof(fc.integer({ min: -1, max: 12 }), fc.constantFrom('4', null, 1e300))
    fc.assert(
      fc.property(partUrls, sizes, fc.integer({ min: 1, max: 12 }), (links, partSize, size) => {
        const upload = parseUpload(answer(10, 4, { partUrls: links, partSize }), size)
        if (!upload.ok) return
        const { parts } = upload.value
        expect(parts.reduce((at, { from, to }) => (from === at ? to : Number.NaN), 0)).toBe(size)
        expect(new Set(parts.map((part) => part.url)).size).toBe(parts.length)
        for (const part of parts) expect(part.url).toMatch(/^https:/)
      }),
      { numRuns: 2000 },
    )
  })

  it('with times that make no sense has no expiry', () => {
    const upload = parseUpload(answer(10, 4, { expiresAt: 'soon' }), 10)
    expect(upload).toMatchObject({ ok: true, value: { expiresAt: null } })
  })

  it('is none in any other JSON, and never fails', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (json, size) => {
        expect(parseUpload(json, size).ok).toBe(false)
        expect(parseUpload({ data: json }, size).ok).toBe(false)
      }),
    )
  })
})

it('the parts are listed in order, whenever they were sent', () => {
  const upload = { uploadId: 'u-1', file: { path: 'users/14/1k2.jpg' } }
  const sent = [
    { number: 2, etag: '"b"' },
    { number: 1, etag: '"a"' },
  ]
  expect(completeRequest(upload, sent)).toEqual({
    data: {
      uploadId: 'u-1',
      key: 'users/14/1k2.jpg',
      parts: [
        { PartNumber: 1, ETag: '"a"' },
        { PartNumber: 2, ETag: '"b"' },
      ],
    },
  })
})

it('any ETag is listed as it came', () => {
  const etag = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"a\r\nX: 1"', '\0', '"', '\\'),
  )
  fc.assert(
    fc.property(etag, (one) => {
      const body = completeRequest({ uploadId: 'u', file: { path: 'p' } }, [
        { number: 1, etag: one },
      ])
      const { data } = JSON.parse(JSON.stringify(body))
      expect(data.parts).toEqual([{ PartNumber: 1, ETag: one }])
    }),
  )
})

it.each([
  ['10', 10],
  ['0', 0],
  ['', null],
  ['-1', null],
  ['ten', null],
  [null, null],
])('x-task-cost %j is %j', (value, cost) => {
  expect(readTaskCost(new Headers(value === null ? {} : { 'x-task-cost': value }))).toBe(cost)
})
