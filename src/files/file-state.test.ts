import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../lib/units.ts'
import type { TaskFile } from '../upscayl/task.ts'
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

/** Signed for the time until `at` (epoch ms), which may be over. */
const signed = (at: number) =>
  `${URL}?X-Amz-Date=20260101T000000Z&X-Amz-Expires=${(at - NOW + 12 * HOUR) / SECOND}&X-Amz-Signature=1f`

const file = (fields: Partial<TaskFile> = {}) =>
  fileWith({ expiresAt: NOW + DAY, downloadUrl: URL, ...fields })
const asked: Circumstances = { clockSkew: 0, askedAt: NOW - MINUTE, refusal: null, source: 'asked' }

describe('the state of a file', () => {
  it.each([
    ['ready', { expiresAt: NOW + DAY }, {}],
    ['expiring', { expiresAt: NOW + HOUR }, {}],
    ['expiring', { expiresAt: NOW + 1 }, {}],
    // What is stated beside a link ends none: it may be the end of the upload.
    ['expiry-unknown', { expiresAt: NOW }, {}],
    ['expiry-unknown', { expiresAt: NOW - 10 * SECOND }, {}],
    ['expiry-unknown', { expiresAt: 1_640_995_200_000, createdAt: 1_640_995_200_000 }, {}],
    // What it says itself does, and counts for more.
    ['ready', { downloadUrl: signed(NOW + 2 * HOUR), expiresAt: NOW - DAY }, {}],
    ['expiring', { downloadUrl: signed(NOW + HOUR), expiresAt: NOW + DAY }, {}],
    ['expired', { downloadUrl: signed(NOW), expiresAt: NOW + DAY }, {}],
    // Nothing was asked since the end, so a new answer may bring a new link.
    ['expired', { downloadUrl: signed(NOW - 10 * SECOND) }, {}],
    ['gone', { downloadUrl: signed(NOW - MINUTE) }, {}],
    ['gone', { downloadUrl: signed(NOW - 3 * HOUR), expiresAt: NOW + DAY }, {}],
    ['expiry-unknown', { expiresAt: null }, {}],
    ['no-link', { downloadUrl: null }, {}],
    ['no-link', { downloadUrl: null, expiresAt: NOW - DAY }, {}],
    ['no-link', { downloadUrl: null }, { source: 'shared' }],
    ['withheld', { downloadUrl: null }, { source: 'withheld' }],
    ['ready', {}, { source: 'shared' }],
    ['expired', {}, { refusal: { url: URL, at: NOW - SECOND } }],
    ['gone', {}, { refusal: { url: URL, at: NOW - 2 * MINUTE } }],
    // The refused link was replaced.
    ['ready', {}, { refusal: { url: `${URL}?old`, at: NOW - 2 * MINUTE } }],
  ] as const)('%s: %o %o', (kind, fields, circumstances) => {
    const { value } = fileState(file(fields), { ...asked, ...circumstances }, NOW)
    expect(value.kind).toBe(kind)
    const lives = ['ready', 'expiring', 'expiry-unknown'].includes(kind)
    expect(livingLink(value)).toBe(lives ? file(fields).downloadUrl : null)
  })

  it('follows the clock of the server', () => {
    const ahead = { ...asked, clockSkew: 3 * DAY }
    const ended = file({ downloadUrl: signed(NOW + 2 * DAY) })
    expect(fileState(ended, ahead, NOW).value.kind).toBe('gone')
    const behind = { ...asked, clockSkew: -3 * DAY }
    const alive = file({ downloadUrl: signed(NOW - HOUR) })
    expect(fileState(alive, behind, NOW).value.kind).toBe('ready')
  })

  it('says early of a refusal only before the end that is known', () => {
    const at = (endsAt: number, refusedAt: number) =>
      fileState(
        file({ expiresAt: endsAt }),
        { ...asked, refusal: { url: URL, at: refusedAt } },
        NOW + DAY,
      ).value
    expect(at(NOW + HOUR, NOW)).toEqual({ kind: 'expired', early: true })
    expect(at(NOW + HOUR, NOW + 2 * HOUR)).toEqual({ kind: 'expired', early: false })
  })

  it('is the same until the instant it names, and another from then on', () => {
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
          askedAgo: fc.integer({ min: 0, max: DAY }),
          refusedAgo: fc.option(fc.integer({ min: 0, max: DAY })),
          clockSkew: fc.integer({ min: -DAY, max: DAY }),
          source: fc.constantFrom<LinkSource>('asked', 'shared', 'withheld'),
        }),
        ({ expiresIn, link, askedAgo, refusedAgo, clockSkew, source }) => {
          const one = file({
            expiresAt: expiresIn === null ? null : NOW + expiresIn,
            downloadUrl: link,
          })
          const circumstances = {
            clockSkew,
            askedAt: NOW - askedAgo,
            refusal: refusedAgo === null ? null : { url: URL, at: NOW - refusedAgo },
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
