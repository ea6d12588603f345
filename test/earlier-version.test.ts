import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createTokenCipher } from '../server/sharing/share-token.ts'
import { openSnapshot } from '../src/sharing/open-snapshot.ts'
import { exportList } from '../src/tasks/export-list.ts'
import { readPaste } from '../src/tasks/parse-paste.ts'
import { sharedState } from '../src/tasks/shared-state.ts'
import { stubBrowser } from '../src/tasks/testing-browser.ts'
import { readStored, toStored, VERSION } from '../src/tasks/tracked-task.ts'

/* What version 0.1.0 stored, exported and shared. earlier-version.json was written by it; it never changes. */

const earlier = JSON.parse(readFileSync(new URL('earlier-version.json', import.meta.url), 'utf8'))

const RENAMED: Readonly<Record<string, string>> = {
  announced: 'quotedCredits',
  seenAskedAt: 'seenRequestedAt',
  firstAskedAt: 'firstRequestedAt',
  askedAt: 'requestedAt',
  questions: 'requestCount',
  checks: 'confirmationChecks',
  wentBackFrom: 'peakProgress',
  recalled: 'restored',
  receipt: 'deduction',
  question: 'requestNumber',
  odd: 'anomalies',
}

/** Fields that its tasks and files did not have, as they are read. */
const added = (names: object): object => ({
  ...('files' in names && 'settings' in names ? { reason: null } : {}),
  ...('downloadUrl' in names ? { failed: false } : {}),
})

/** The same with today's fields. */
const renamed = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? {
        ...added(value),
        ...Object.fromEntries(
          Object.entries(value).map(([name, it]) => [RENAMED[name] ?? name, it]),
        ),
      }
    : value

const withNewFields = (value: unknown) => JSON.parse(JSON.stringify(value), renamed)

/** A stored task of version 3 as this one stores it. */
const upgraded = (stored: object) => ({
  ...withNewFields(stored),
  version: VERSION,
  source: null,
  settings: null,
  thumb: null,
  annotation: null,
  earlier: null,
})

test('a stored list opens, and is stored alike', () => {
  expect(earlier.stored).toHaveLength(6)
  for (const stored of earlier.stored) {
    const read = readStored(stored)
    if (read.kind !== 'entry') throw new Error(read.kind)
    expect(JSON.parse(JSON.stringify(toStored(read.entry)))).toEqual(upgraded(stored))
  }
})

test('an exported list is imported, and exported alike', () => {
  const { entries, unread } = readPaste(earlier.exported)
  expect(unread).toEqual([])
  expect(entries.length).toBeGreaterThan(10)
  const exported = exportList(entries)
  const { tasks, ...head } = JSON.parse(earlier.exported)
  expect(JSON.parse(exported)).toEqual({ ...head, version: VERSION, tasks: tasks.map(upgraded) })
  expect(exportList(readPaste(exported).entries)).toBe(exported)
})

test('snapshots open, with a passphrase and without', async () => {
  const plain = await openSnapshot(earlier.snapshot, null)
  const content = withNewFields(earlier.content)
  const tasks = content.tasks.map((task: object) => ({ ...task, thumb: null }))
  expect(JSON.parse(JSON.stringify(plain))).toEqual({ ok: true, value: { ...content, tasks } })
  expect(await openSnapshot(earlier.locked, 'correct horse')).toEqual(plain)
})

test('the token of a public link opens, and is encrypted alike', async () => {
  const { secret, id, grant, token, keyHash } = earlier.shares
  const cipher = await createTokenCipher(secret)
  expect(await cipher.decrypt(token)).toEqual({ id, grant })
  expect(await cipher.encrypt(id, grant)).toBe(token)
  expect(await cipher.hashKey(grant.key)).toBe(keyHash)
})

test('the request count of a key goes on', () => {
  const { store } = stubBrowser()
  store.set('loupe:asking:hash', JSON.stringify(earlier.requests))
  const { allowance, paused, counted } = earlier.requests
  const shared = sharedState('hash')
  expect(shared.get()).toEqual({ quota: allowance, paused, serverManaged: counted })
  shared.change((all) => ({ ...all }))
  expect(JSON.parse(store.get('loupe:asking:hash') ?? '')).toEqual(earlier.requests)
})
