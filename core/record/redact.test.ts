import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordAfter, T0 } from '../../src/tasks/testing-list.ts'
import { isWebLink } from '../api/file-links.ts'
import { SAMPLE_NAMES } from '../api/samples.ts'
import type { Task, TaskFile } from '../api/task.ts'
import { redact } from './redact.ts'
import type { TaskRecord } from './task-record.ts'

const ALL = { credits: true, links: true }
const NONE = { credits: false, links: false }
const AMOUNT = 987_654_321

const hasLinks = (task: Task): boolean =>
  task.files.some(({ downloadUrl, thumbnailUrl }) => downloadUrl !== null || thumbnailUrl !== null)

const anyLink = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  // A link may contain a space, and be in upper case.
  fc.webUrl().map((url) => `${url}/a b?token=secret`),
  fc.webUrl().map((url) => url.toUpperCase()),
)

/** A text that contains links. */
const textWith = (links: readonly string[]) =>
  fc
    .array(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...links)), { maxLength: 4 })
    .map((parts) => parts.join(''))

const fileWith = (text: fc.Arbitrary<string>, link: fc.Arbitrary<string>) =>
  fc.record<TaskFile>({
    id: text,
    originalName: fc.option(text),
    storedName: fc.option(text),
    type: fc.option(text),
    size: fc.constant(null),
    dimensions: fc.constant(null),
    createdAt: fc.constant(T0),
    expiresAt: fc.constant(T0),
    downloadUrl: fc.option(link),
    thumbnailUrl: fc.option(link),
    failed: fc.boolean(),
  })

/** A record with links in all of its texts too. */
const anyRecord: fc.Arbitrary<TaskRecord> = fc
  .array(anyLink, { minLength: 1, maxLength: 4 })
  .chain((links) => {
    const text = textWith(links)
    const base = {
      progress: fc.constant(64),
      credits: fc.constant({ state: 'deducted' as const, amount: AMOUNT }),
      settings: fc.record({
        model: fc.option(text),
        scale: fc.record({ kind: fc.constant('odd' as const), text }),
        saveImageAs: fc.option(text),
        compression: fc.constant(80),
        batchMode: fc.constant(true),
        enhanceFace: fc.constant(null),
      }),
      files: fc.array(fileWith(text, fc.constantFrom(...links)), { maxLength: 4 }),
      reason: fc.option(text),
    }
    const task: fc.Arbitrary<Task> = fc.oneof(
      fc.record({ kind: fc.constant('processed' as const), ...base }),
      fc.record({ kind: fc.constant('failed' as const), ...base }),
      fc.record({ kind: fc.constant('unrecognized' as const), word: fc.option(text), ...base }),
    )
    const failure = fc.record({
      error: fc.oneof(
        fc.record({ kind: fc.constant('credits' as const), message: text }),
        fc.record({
          kind: fc.constant('rejected' as const),
          status: fc.constant(400),
          message: text,
        }),
      ),
      at: fc.constant(T0),
    })
    return fc.record({ task, failure: fc.option(failure) }).map((fields) => ({
      ...recordAfter(['enhancing', 'processed']),
      ...fields,
      quotedCredits: AMOUNT,
      deduction: { requestNumber: AMOUNT, at: T0, anomalies: ['amount-changed' as const] },
    }))
  })

const linksOf = ({ task }: TaskRecord) =>
  (task?.files ?? []).flatMap(({ downloadUrl, thumbnailUrl }) =>
    [downloadUrl, thumbnailUrl].filter((link) => link !== null),
  )

/** All texts in it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

describe('a redacted record', () => {
  it('has no link in any field or text if links are excluded', () => {
    fc.assert(
      fc.property(anyRecord, fc.boolean(), (record, credits) => {
        const shown = redact(record, { credits, links: false })
        const written = JSON.stringify(shown)
        const links = linksOf(record)
        for (const link of links) expect(written).not.toContain(link)
        for (const text of textsIn(shown)) {
          expect(isWebLink(text)).toBe(false)
          for (const link of links) expect(text).not.toContain(link)
        }
        expect(shown.task === null || hasLinks(shown.task)).toBe(false)
      }),
    )
  })

  it('has no amount, state or receipt if credits are excluded', () => {
    fc.assert(
      fc.property(anyRecord, fc.boolean(), (record, links) => {
        const shown = redact(record, { credits: false, links })
        expect(JSON.stringify(shown)).not.toContain(String(AMOUNT))
        expect(shown.task?.credits).toEqual({ state: 'unknown', amount: null })
        expect(shown.quotedCredits).toBeNull()
        expect(shown.deduction).toEqual({ requestNumber: null, at: null, anomalies: [] })
        expect(shown.failure?.error.kind).not.toBe('credits')
      }),
    )
  })

  it.each(SAMPLE_NAMES)('of %s does not change when redacted again', (name) => {
    const record = recordAfter(['enhancing', name])
    for (const shown of [ALL, NONE]) {
      expect(redact(redact(record, shown), shown)).toEqual(redact(record, shown))
    }
  })

  it('keeps names, times and settings, but not the account’s storage paths', () => {
    const record = recordAfter(['enhancing', 'processed'])
    for (const shown of [ALL, NONE]) {
      const { task, observations } = redact(record, shown)
      expect(task?.files).toMatchObject([{ id: 'file-0', originalName: 'dunes.png' }])
      expect(task?.settings).toEqual(record.task?.settings)
      expect(observations).toEqual([])
    }
    expect(JSON.stringify(redact(record, ALL))).not.toContain('users/')
  })

  it('keeps the message of a failure, without URLs', () => {
    const failure = {
      error: { kind: 'rejected', status: 400, message: 'See https://help.example/1 for more' },
      at: T0,
    } as const
    const record = { ...recordAfter(['enhancing']), failure }
    const shown = redact(record, { credits: true, links: false })
    expect(shown.failure?.error).toMatchObject({ message: 'See [removed] for more' })
    expect(redact(record, ALL).failure).toEqual(failure)
    expect(redact(record, NONE).failure?.error).toMatchObject({ message: null })
  })
})
