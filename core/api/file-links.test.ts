import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probableEnd, signedEnd } from './file-links.ts'

const FILE = 'https://files.example/a/b.png'
const NOON = Date.UTC(2026, 0, 1, 12)

describe('the expiry in a signed link', () => {
  it.each([
    ['X-Amz-Date=20260101T110000Z&X-Amz-Expires=3600&X-Amz-Signature=1f', NOON],
    ['x-amz-expires=3600&x-amz-date=20260101T110000Z', NOON],
    ['X-Goog-Date=20260101T000000Z&X-Goog-Expires=43200', NOON],
    ['AWSAccessKeyId=A&Expires=1767268800&Signature=s', NOON],
    ['Expires=1767268800&Key-Pair-Id=K&Signature=s', NOON],
    ['expires=1767268800&signature=1f', NOON],
    ['expires=1767268800000', NOON],
    ['sv=2022-11-02&se=2026-01-01T12:00:00Z&sig=s%3D', NOON],
    ['se=2026-01-01T13%3A00%3A00%2B01%3A00', NOON],
    // The earlier of two.
    ['Expires=1767268800&X-Amz-Date=20260101T120000Z&X-Amz-Expires=60', NOON],
    // None of these is an expiry.
    ['', null],
    ['X-Amz-Expires=3600', null],
    ['X-Amz-Date=20260101T110000Z', null],
    ['X-Amz-Date=2026-13-45&X-Amz-Expires=60', null],
    ['X-Amz-Date=20261345T990000Z&X-Amz-Expires=60', null],
    ['X-Amz-Date=20260101T110000Z&X-Amz-Expires=-1', null],
    ['Expires=3600', null],
    ['Expires=never', null],
    ['se=3', null],
    ['se=2026-99-99', null],
  ])('%s', (query, end) => {
    expect(signedEnd(`${FILE}?${query}`)).toBe(end)
  })

  it('never throws', () => {
    const value = fc.oneof(fc.string(), fc.integer().map(String), fc.constant('20260101T110000Z'))
    const name = fc.constantFrom('X-Amz-Date', 'X-Amz-Expires', 'Expires', 'se', 'X-Goog-Date')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (fields) => {
        const end = signedEnd(`${FILE}?${new URLSearchParams(fields)}`)
        expect(end === null || Number.isFinite(end)).toBe(true)
      }),
    )
  })
})

describe('the probable expiry', () => {
  it.each([
    [NOON + 1, 0, NOON, NOON + 1],
    [NOON, 0, NOON, null],
    [1_640_995_200_000, 0, NOON, null],
    [null, 0, NOON, null],
    [NOON + 7200_000, 3600_000, NOON, NOON + 3600_000],
    [NOON + 3600_000, 7200_000, NOON, null],
  ])(
    'of %s, with a clock %s ms ahead, requested at %s, is %s',
    (expiresAt, clockSkew, requestedAt, end) => {
      const file = { expiresAt } as Parameters<typeof probableEnd>[0]
      expect(probableEnd(file, { clockSkew, requestedAt })).toBe(end)
    },
  )
})
