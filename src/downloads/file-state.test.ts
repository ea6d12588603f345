import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskFile } from '../../core/api/task.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../core/lib/units.ts'
import {
  type Circumstances,
  FILE_STATES,
  fileState,
  type LinkSource,
  livingLink,
} from './file-state.ts'
import { fileWith } from './testing.ts'

const NOW = Date.UTC(2026, 0, 1, 12)
const URL = 'https://files.example/1'

/** Link signed to expire at `at` (epoch ms), which may be in the past. */
const signed = (at: number) =>
  `${URL}?X-Amz-Date=20260101T000000Z&X-Amz-Expires=${(at - NOW + 12 * HOUR) / SECOND}&X-Amz-Signature=1f`

const file = (fields: Partial<TaskFile> = {}) =>
  fileWith({ expiresAt: NOW + DAY, downloadUrl: URL, ...fields })
const requested: Circumstances = {
  clockSkew: 0,
  requestedAt: NOW - MINUTE,
  refusal: null,
  source: 'own',
}

describe('the state of a file', () => {
  it.each([
    ['ready', { expiresAt: NOW + DAY }, {}],
    ['expiring', { expiresAt: NOW + HOUR }, {}],
    ['expiring', { expiresAt: NOW + 1 }, {}],
    // A date stated beside a link does not expire it: it may refer to the upload.
    ['expiry-unknown', { expiresAt: NOW }, {}],
    ['expiry-unknown', { expiresAt: NOW - 10 * SECOND }, {}],
    ['expiry-unknown', { expiresAt: 1_640_995_200_000, createdAt: 1_640_995_200_000 }, {}],
    // The expiry in the link itself does, and takes precedence.
    ['ready', { downloadUrl: signed(NOW + 2 * HOUR), expiresAt: NOW - DAY }, {}],
    ['expiring', { downloadUrl: signed(NOW + HOUR), expiresAt: NOW + DAY }, {}],
    ['expired', { downloadUrl: signed(NOW), expiresAt: NOW + DAY }, {}],
    // Nothing was requested since it expired, so a new response may bring a new link.
    ['expired', { downloadUrl: signed(NOW - 10 * SECOND) }, {}],
    ['gone', { downloadUrl: signed(NOW - MINUTE) }, {}],
    ['gone', { downloadUrl: signed(NOW - 3 * HOUR), expiresAt: NOW + DAY }, {}],
    ['expiry-unknown', { expiresAt: null }, {}],
    ['no-link', { downloadUrl: null }, {}],
    ['no-link', { downloadUrl: null, expiresAt: NOW - DAY }, {}],
    ['no-link', { downloadUrl: null }, { source: 'shared' }],
    ['withheld', { downloadUrl: null }, { source: 'withheld' }],
    ['failed', { downloadUrl: null, failed: true }, {}],
    ['failed', { downloadUrl: null, failed: true }, { source: 'withheld' }],
    ['unfinished', { downloadUrl: null }, { running: true }],
    ['ready', {}, { running: true }],
    ['ready', {}, { source: 'shared' }],
    ['expired', {}, { refusal: { url: URL, at: NOW - SECOND } }],
    ['gone', {}, { refusal: { url: URL, at: NOW - 2 * MINUTE } }],
    // The rejected link was replaced.
    ['ready', {}, { refusal: { url: `${URL}?old`, at: NOW - 2 * MINUTE } }],
  ] as const)('%s: %o %o', (kind, fields, circumstances) => {
    const { value } = fileState(file(fields), { ...requested, ...circumstances }, NOW)
    expect(value.kind).toBe(kind)
    const isLive = ['ready', 'expiring', 'expiry-unknown'].includes(kind)
    expect(livingLink(value)).toBe(isLive ? file(fields).downloadUrl : null)
  })

  it('uses the clock of the server', () => {
    const ahead = { ...requested, clockSkew: 3 * DAY }
    const ended = file({ downloadUrl: signed(NOW + 2 * DAY) })
    expect(fileState(ended, ahead, NOW).value.kind).toBe('gone')
    const behind = { ...requested, clockSkew: -3 * DAY }
    const live = file({ downloadUrl: signed(NOW - HOUR) })
    expect(fileState(live, behind, NOW).value.kind).toBe('ready')
  })

  it('reports a rejection as early only before the known expiry', () => {
    const at = (endsAt: number, rejectedAt: number) =>
      fileState(
        file({ expiresAt: endsAt }),
        { ...requested, refusal: { url: URL, at: rejectedAt } },
        NOW + DAY,
      ).value
    expect(at(NOW + HOUR, NOW)).toEqual({ kind: 'expired', early: true })
    expect(at(NOW + HOUR, NOW + 2 * HOUR)).toEqual({ kind: 'expired', early: false })
  })

  it('is constant until the instant it returns, and different afterwards', () => {
    fc.assert(
      fc.property(
        fc.record({
          expiresIn: fc.option(fc.integer({ min: -3 * DAY, max: 3 * DAY })),
          link: fc.option(
            fc.oneof(
              fc.constantFrom(URL, 'https://files.example/2'),
              fc.integer({ min: -11, max: 48 }).map((hours) => signed(NOW + hours * HOUR)),
            ),
          ),
          requestedAgo: fc.integer({ min: 0, max: DAY }),
          rejectedAgo: fc.option(fc.integer({ min: 0, max: DAY })),
          clockSkew: fc.integer({ min: -DAY, max: DAY }),
          source: fc.constantFrom<LinkSource>('own', 'shared', 'withheld'),
        }),
        ({ expiresIn, link, requestedAgo, rejectedAgo, clockSkew, source }) => {
          const one = file({
            expiresAt: expiresIn === null ? null : NOW + expiresIn,
            downloadUrl: link,
          })
          const circumstances = {
            clockSkew,
            requestedAt: NOW - requestedAgo,
            refusal: rejectedAgo === null ? null : { url: URL, at: NOW - rejectedAgo },
            source,
          }
          const { value, changesAt } = fileState(one, circumstances, NOW)
          expect(FILE_STATES).toContain(value.kind)
          if (changesAt === null) return
          expect(changesAt).toBeGreaterThan(NOW)
          expect(fileState(one, circumstances, changesAt - 1).value).toEqual(value)
          expect(fileState(one, circumstances, changesAt).value).not.toEqual(value)
        },
      ),
    )
  })
})
