import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileState, livingLink } from '../../src/downloads/file-state.ts'
import type { ParsedResponse } from '../api/parse-response.ts'
import { parseRecordedResponse } from '../api/replay.ts'
import { placeOf } from '../lib/link-path.ts'
import { HOUR, MINUTE } from '../lib/units.ts'
import { fullQuota } from '../quota/quota.ts'
import { plan } from '../schedule/schedule.ts'
import { recordResponse } from './record-response.ts'
import { datingOf, EMPTY_RECORD, isSettled, type TaskRecord, watchedTask } from './task-record.ts'

/* Any file lists of a paid result, in any order over time. */

const T0 = Date.UTC(2026, 0, 1, 12)

interface Listed {
  readonly path: string
  /** Null for a file without a link; else its signature, which differs between responses. */
  readonly signature: number | null
  /** Seconds from T0; null for none. */
  readonly stated: number | null
  readonly pathIsLink: boolean
}
type List = readonly Listed[] | null

const anyFile: fc.Arbitrary<Listed> = fc.record({
  path: fc.constantFrom('a', 'b', 'c'),
  signature: fc.option(fc.nat(9)),
  stated: fc.option(fc.integer({ min: -130_000_000, max: 90_000 })),
  pathIsLink: fc.boolean(),
})
const anyList: fc.Arbitrary<List> = fc.option(
  fc.uniqueArray(anyFile, { maxLength: 3, selector: ({ path }) => path }),
)
/** `refused`: the request failed. */
const anyAnswer = fc.oneof({ weight: 4, arbitrary: anyList }, fc.constant('refused' as const))
type Answer = List | 'refused'

const linkOf = ({ path, signature }: Listed) => `https://files.example/${path}.png?s=${signature}`

function responseOf(answered: Answer, deducted: boolean, at: number): ParsedResponse {
  if (answered === 'refused')
    return parseRecordedResponse({ status: 500, headers: {}, body: '""' }, at)
  const files = answered?.map((file) => ({
    path: file.pathIsLink && file.signature !== null ? linkOf(file) : `users/${file.path}.png`,
    expiresAt: file.stated === null ? null : T0 / 1000 + file.stated,
    downloadLink: file.signature === null ? null : linkOf(file),
  }))
  const data = { status: 'PROCESSED', progress: '100', creditsDeducted: deducted, files }
  return parseRecordedResponse(
    { status: 200, headers: {}, body: JSON.stringify({ status: 'success', data }) },
    at,
  )
}

const placesOf = (record: TaskRecord, now: number): ReadonlySet<string> =>
  new Set(
    (record.task?.files ?? []).flatMap((file) => {
      const at = { ...datingOf(record), refusal: null, source: 'own' } as const
      const link = livingLink(fileState(file, at, now).value)
      return link === null ? [] : [placeOf(link)]
    }),
  )

const linksIn = (answered: Answer): readonly Listed[] =>
  answered === null || answered === 'refused'
    ? []
    : answered.filter(({ signature }) => signature !== null)

const recordAfter = (answers: readonly Answer[], deducted = true): TaskRecord =>
  answers.reduce<TaskRecord>(
    (record, answered, n) =>
      recordResponse(
        record,
        responseOf(answered, deducted, T0 + n * MINUTE),
        T0 + n * MINUTE,
        T0 + n * MINUTE,
      ),
    EMPTY_RECORD,
  )

describe('any order of file lists and links over time', () => {
  it('keeps each file of the longest list available, until its host rejects it', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { maxLength: 8 }), (answers) => {
        const most = Math.max(0, ...answers.map((one) => linksIn(one).length))
        const places = placesOf(recordAfter(answers), T0 + 9 * MINUTE)
        expect(places.size).toBeGreaterThanOrEqual(most)
        // Files of the newest response are always kept.
        const newest = answers.findLast((one) => one !== 'refused') ?? null
        for (const file of linksIn(newest)) expect(places).toContain(placeOf(linkOf(file)))
      }),
    )
  })

  it('uses the newest link of each file', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { maxLength: 8 }), anyFile, (answers, file) => {
        const newest = [{ ...file, signature: 77 }]
        const urls = recordAfter([...answers, newest]).task?.files.map(
          ({ downloadUrl }) => downloadUrl,
        )
        expect(urls).toContain(linkOf({ ...file, signature: 77 }))
      }),
    )
  })

  it('is settled only by a link to each file, and checked at most three times after the end', () => {
    fc.assert(
      fc.property(fc.infiniteStream(anyAnswer), fc.boolean(), (answers, deducted) => {
        let [record, now, asked] = [EMPTY_RECORD, T0, 0]
        for (;;) {
          const tasks = [watchedTask('a', record, false)]
          const next = plan({ now, visible: true, tasks, quota: fullQuota() }).get('a')
          if (next?.kind !== 'ask') {
            if (record.task !== null) expect(next?.why === 'settled').toBe(isSettled(record))
            break
          }
          now = next.at
          const { value } = answers.next()
          record = recordResponse(record, responseOf(value ?? null, deducted, now), now, now)
          if (record.task !== null) asked++
        }
        expect(asked).toBeLessThanOrEqual(4)
        if (!isSettled(record)) return
        const files = record.task?.files ?? []
        expect(files.length).toBeGreaterThan(0)
        expect(files.every(({ downloadUrl }) => downloadUrl !== null)).toBe(true)
      }),
    )
  })

  it('never calls a file gone or its link expired, whatever is reported and however late it is', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer), fc.integer({ min: 0, max: 50 }), (answers, hours) => {
        const record = recordAfter(answers)
        for (const file of record.task?.files ?? []) {
          const at = { ...datingOf(record), refusal: null, source: 'own' } as const
          const { value } = fileState(file, at, T0 + hours * HOUR)
          expect(['ready', 'expiring', 'expiry-unknown', 'no-link']).toContain(value.kind)
        }
      }),
    )
  })
})
