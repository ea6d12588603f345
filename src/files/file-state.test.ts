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

const file = (fields: Partial<TaskFile> = {}) =>
  fileWith({ expiresAt: NOW + DAY, downloadUrl: URL, ...fields })
const asked: Circumstances = { clockSkew: 0, askedAt: NOW - MINUTE, refusal: null, source: 'asked' }

describe('the state of a file', () => {
  it.each([
    ['ready', { expiresAt: NOW + DAY }, {}],
    ['expiring', { expiresAt: NOW + HOUR }, {}],
    ['expiring', { expiresAt: NOW + 1 }, {}],
    ['expired', { expiresAt: NOW }, {}],
    // Nothing was asked since the end, so a new answer may bring a new link.
    ['expired', { expiresAt: NOW - 10 * SECOND }, {}],
    ['gone', { expiresAt: NOW - MINUTE }, {}],
    ['gone', { expiresAt: NOW - DAY }, {}],
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
    expect(livingLink(value)).toBe(
      ['ready', 'expiring', 'expiry-unknown'].includes(kind) ? URL : null,
    )
  })

  it('follows the clock of the server', () => {
    const ahead = { ...asked, clockSkew: 3 * DAY }
    expect(fileState(file({ expiresAt: NOW + 2 * DAY }), ahead, NOW).value.kind).toBe('gone')
    const behind = { ...asked, clockSkew: -3 * DAY }
    expect(fileState(file({ expiresAt: NOW - DAY }), behind, NOW).value.kind).toBe('ready')
  })

  it('is the same until the instant it names, and another from then on', () => {
    fc.assert(
      fc.property(
        fc.record({
          expiresIn: fc.option(fc.integer({ min: -3 * DAY, max: 3 * DAY })),
          link: fc.option(fc.constantFrom(URL, 'https://files.example/2')),
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
