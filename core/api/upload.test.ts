import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeRequest, parseUpload, readTaskCost } from './upload.ts'

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
    ['with a link that is a script', { partUrls: [{ partNumber: 1, signedUrl: 'javascript:1' }] }],
  ])('%s is none', (_, change) => {
    expect(parseUpload(answer(10, 4, change), 10)).toEqual({ ok: false, error: 'not-an-upload' })
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
