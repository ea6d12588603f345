import { describe, expect, it } from 'vitest'
import { SAMPLE_NAMES } from '../../core/api/samples.ts'
import type { TaskFile } from '../../core/api/task.ts'
import { MAX_LINK_LENGTH } from '../lib/paths.ts'
import { entryAfter, recordAfter, T0 } from '../tasks/testing-list.ts'
import { writeSnapshot } from './codec.ts'
import { encodeSnapshot, fitting } from './create-snapshot.ts'
import { openSnapshot } from './open-snapshot.ts'
import { makeSnapshot } from './snapshot.ts'
import { ALL, doneSnapshot, snapshotOf } from './testing.ts'

/** Part of a link before its fragment: an origin of 40 characters and the path. */
const BEFORE = `https://${'loupe.'.repeat(4)}example.com`.slice(0, 40).padEnd(40, 'x')
const linkOf = (packed: string) => `${BEFORE}/snapshot#${packed}`
const PLACE = { before: linkOf('').length - 1, locked: false }

/** A link like those of signed storage: long and incompressible. */
const signed = (seed: number) =>
  `https://files.example/${Array.from({ length: 40 }, (_, n) =>
    ((seed * 7919 + n * 104_729) % 2_147_483_647).toString(36),
  ).join('')}`

it('has nothing that the sender wrote on a task', () => {
  const annotation = { labels: ['secret'], note: 'secret', changedAt: T0 }
  const entry = { ...entryAfter('a1', ['processed']), annotation }
  expect(writeSnapshot(makeSnapshot([entry], ALL, T0))).not.toContain('secret')
})

describe('the length of a link', () => {
  it.each(SAMPLE_NAMES)('to %s with all its data is safe', async (name) => {
    const snapshot = snapshotOf([recordAfter(['enhancing', name])])
    const link = linkOf(await encodeSnapshot(snapshot, null))
    expect(link.length).toBeLessThan(MAX_LINK_LENGTH)
    expect(await fitting(snapshot, PLACE)).toEqual(snapshot)
  })

  it('to a typical task is short', async () => {
    const snapshot = doneSnapshot()
    expect(linkOf(await encodeSnapshot(snapshot, null)).length).toBeLessThan(1500)
    expect(linkOf(await encodeSnapshot(snapshot, 'a passphrase')).length).toBeLessThan(1500)
  })
})

describe('what does not fit into a link', () => {
  const many = snapshotOf(
    Array.from({ length: 5000 }, (_, n) => {
      const record = recordAfter(['enhancing', 'batch'])
      return { ...record, seenAt: (record.seenAt ?? 0) + ((n * 7_919_317) % 100_000_007) }
    }),
  )

  it.each([false, true])(
    'are the last tasks, and they are counted (locked: %s)',
    async (locked) => {
      const part = await fitting(many, { ...PLACE, locked })
      expect(part.tasks.length).toBeGreaterThan(20)
      expect(part.tasks).toEqual(many.tasks.slice(0, part.tasks.length))
      expect(part.tasks.length + part.leftOut).toBe(5000)
      const packed = await encodeSnapshot(part, locked ? 'a passphrase' : null)
      expect(linkOf(packed).length).toBeLessThanOrEqual(MAX_LINK_LENGTH)
      const opened = await openSnapshot(packed, locked ? 'a passphrase' : null)
      expect(opened).toEqual({ ok: true, value: part })
      // One more would not fit.
      const { length } = part.tasks
      const longer = { ...many, tasks: many.tasks.slice(0, length + 1), leftOut: 5000 - length - 1 }
      const other = await encodeSnapshot(longer, locked ? 'a passphrase' : null)
      expect(linkOf(other).length).toBeGreaterThan(MAX_LINK_LENGTH)
    },
  )

  it('is files, when one task alone is too long', async () => {
    const record = recordAfter(['enhancing', 'many-files'])
    const { task } = record
    if (task === null) throw new Error('the sample is a task')
    const files: TaskFile[] = task.files.map((file, n) => ({ ...file, downloadUrl: signed(n + 1) }))
    const whole = snapshotOf([{ ...record, task: { ...task, files } }, record])
    const part = await fitting(whole, PLACE)
    const kept = part.tasks[0]?.record.task?.files.length ?? 0
    expect(kept).toBeGreaterThan(5)
    expect(part.tasks).toMatchObject([{ filesLeftOut: 40 - kept }])
    expect(part.leftOut).toBe(1)
    const packed = await encodeSnapshot(part, null)
    expect(linkOf(packed).length).toBeLessThanOrEqual(MAX_LINK_LENGTH)
    expect(await openSnapshot(packed, null)).toEqual({ ok: true, value: part })
  })

  it('is tasks beyond the readable limit, however well they compress', async () => {
    const alike = snapshotOf(Array.from({ length: 200 }, () => recordAfter(['many-files'])))
    const part = await fitting(alike, PLACE)
    expect(part.tasks.length).toBeGreaterThan(20)
    expect(await openSnapshot(await encodeSnapshot(part, null), null)).toMatchObject({ ok: true })
  })

  it('is nothing for an empty snapshot', async () => {
    expect(await fitting(snapshotOf([]), PLACE)).toEqual(snapshotOf([]))
  })
})
