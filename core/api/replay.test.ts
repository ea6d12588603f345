import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR } from '../lib/units.ts'
import { createAnonymizer } from './anonymize-response.ts'
import { parseResponse } from './parse-response.ts'
import type { RawResponse } from './raw-response.ts'
import { replyAt } from './replay.ts'
import { SAMPLE_NAMES, SAMPLES } from './samples.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const BASE = 'http://loupe.example'

const cleaned = createAnonymizer([])
const taskOf = ({ status, headers, body }: RawResponse) => {
  const { result } = parseResponse(status, new Headers(headers), body, '', AT)
  if (!result.ok) throw new Error('no task')
  return result.value
}
const timesOf = (files: readonly object[], shift: number): unknown[] => {
  const body = JSON.stringify({ status: 'success', data: { files } })
  return JSON.parse(replyAt({ status: 200, headers: {}, body }, { base: BASE, shift }).body).data
    .files
}
const headersOf = (headers: RawResponse['headers'], shift: number) =>
  replyAt({ status: 200, headers, body: '' }, { base: BASE, shift }).headers

describe('a replayed response', () => {
  it.each(SAMPLE_NAMES)('of %s is as recorded except for links, without a shift', (name) => {
    const recorded = cleaned(SAMPLES[name].reply(AT, 'https://files.example'))
    const played = replyAt(recorded, { base: BASE, shift: 0 })
    expect(played).toEqual({
      ...recorded,
      body: recorded.body.replaceAll('https://recording.invalid/', `${BASE}/samples/`),
    })
  })

  it('has links to existing images', () => {
    const { files } = taskOf(
      replyAt(cleaned(SAMPLES['link-elsewhere'].reply(AT, 'https://files.example')), {
        base: BASE,
        shift: 0,
      }),
    )
    const pictures = ['dunes', 'lake', 'harbour', 'aurora', 'meadow', 'canyon']
    expect(files.map(({ downloadUrl }) => downloadUrl?.replace(/#\d+$/, ''))).toEqual(
      pictures.map((picture) => `${BASE}/samples/${picture}.webp`),
    )
  })

  it.each(['batch', 'older-completed', 'expired'] as const)('of %s has shifted times', (name) => {
    const sample = cleaned(SAMPLES[name].reply(AT, 'https://files.example'))
    const later = cleaned(SAMPLES[name].reply(AT + HOUR, 'https://files.example'))
    expect(taskOf(replyAt(sample, { base: BASE, shift: HOUR }))).toEqual(
      taskOf(replyAt(later, { base: BASE, shift: 0 })),
    )
  })

  it('shifts each time in its own unit and type, and ignores other values', () => {
    expect(
      timesOf(
        [
          { createdAt: 1640995200, expiresAt: 1640995200000 },
          { createdAt: '1640995200', expiresAt: ' 1640995200000 ' },
          { createdAt: 0, expiresAt: 1e300 },
          { createdAt: 'soon', expiresAt: null },
          { createdAt: [], expiresAt: {} },
        ],
        5400,
      ),
    ).toEqual([
      { createdAt: 1640995205, expiresAt: 1640995205400 },
      { createdAt: '1640995205', expiresAt: '1640995205400' },
      { createdAt: 0, expiresAt: 1e300 },
      { createdAt: 'soon', expiresAt: null },
      { createdAt: [], expiresAt: {} },
    ])
  })

  it('shifts absolute times in headers, but no delays', () => {
    expect(
      headersOf(
        {
          date: 'Thu, 01 Jan 2026 12:00:00 GMT',
          'retry-after': 'Thu, 01 Jan 2026 12:01:30 GMT',
          'x-ratelimit-reset': '1767268900',
          'ratelimit-reset': '90',
          'content-type': 'text/plain; a=1 Jan 2026',
        },
        HOUR,
      ),
    ).toEqual({
      date: 'Thu, 01 Jan 2026 13:00:00 GMT',
      'retry-after': 'Thu, 01 Jan 2026 13:01:30 GMT',
      'x-ratelimit-reset': '1767272500',
      'ratelimit-reset': '90',
      'content-type': 'text/plain; a=1 Jan 2026',
    })
    expect(headersOf({ date: 'now', 'retry-after': '90' }, HOUR)).toEqual({
      date: 'now',
      'retry-after': '90',
    })
  })

  it('can be shifted there and back', () => {
    const shifts = fc.integer({ min: -1e6, max: 1e9 }).map((seconds) => seconds * 1000)
    fc.assert(
      fc.property(shifts, fc.constantFrom(...SAMPLE_NAMES), (shift, name) => {
        const recorded = cleaned(SAMPLES[name].reply(AT, ''))
        const there = replyAt(recorded, { base: BASE, shift })
        expect(replyAt(there, { base: BASE, shift: -shift })).toEqual(
          replyAt(recorded, { base: BASE, shift: 0 }),
        )
      }),
    )
  })
})
