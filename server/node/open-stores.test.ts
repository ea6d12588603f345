import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { DAY } from '../../core/lib/units.ts'
import type { Share } from '../sharing/share-store.ts'
import { newShareId, type ShareId } from '../sharing/share-token.ts'
import {
  KEY,
  SECRET,
  START,
  spellingsOf,
  temporaryFolder,
  testSharing,
} from '../sharing/testing.ts'
import { secretIn } from './data-folder.ts'
import { openSharing } from './open-stores.ts'

const FILE = { file: 'share-secret', without: 'all public links expire' }

describe('the generated secret', () => {
  test('is the same for all that start at once, and stays', async () => {
    const folder = await temporaryFolder()
    const secrets = await Promise.all(Array.from({ length: 20 }, () => secretIn(folder, FILE)))
    expect(new Set(secrets).size).toBe(1)
    expect(secrets[0]).toMatch(/^[A-Za-z0-9+/]{64}$/)
    expect(await secretIn(folder, FILE)).toBe(secrets[0])
    expect(await readdir(folder)).toEqual(['share-secret'])
    expect((await stat(join(folder, 'share-secret'))).mode & 0o777).toBe(0o600)
  })

  test('differs in another folder', async () => {
    expect(await secretIn(await temporaryFolder(), FILE)).not.toBe(
      await secretIn(await temporaryFolder(), FILE),
    )
  })

  test('is rejected if damaged', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'share-secret'), 'short\n')
    await expect(secretIn(folder, FILE)).rejects.toThrow(
      /share-secret contains no secret\. Delete it/,
    )
  })
})

describe('live links', () => {
  test('create their folder, and store what they need there', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b')
    await testSharing([], folder)
    expect((await readdir(folder)).filter((name) => !/-(wal|shm)$/.test(name))).toEqual([
      'share-secret',
      'shares.db',
    ])
  })

  test('create no secret if one is configured', async () => {
    const folder = await temporaryFolder()
    await testSharing([SECRET], folder)
    expect(await readdir(folder)).not.toContain('share-secret')
  })

  test('explain in a sentence why they are unavailable', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'file')
    await writeFile(file, '')
    const damaged = join(folder, 'damaged')
    await mkdir(damaged)
    await writeFile(join(damaged, 'share-secret'), '')
    const broken = join(folder, 'broken')
    await mkdir(broken)
    await writeFile(join(broken, 'shares.db'), 'x'.repeat(9000))
    for (const [dataDir, why] of [
      [file, 'a file with this name exists'],
      [damaged, 'share-secret contains no secret'],
      [broken, "shares.db can't be opened: it is damaged"],
    ] as const) {
      await expect(openSharing({ dataDir, shareSecrets: [] })).rejects.toThrow(why)
    }
  })

  // root may write anywhere
  test.skipIf(process.getuid?.() === 0)('need a writable folder', async () => {
    const folder = await temporaryFolder()
    await chmod(folder, 0o500)
    const opening = openSharing({ dataDir: folder, shareSecrets: [SECRET] })
    await expect(opening).rejects.toThrow('it is not writable')
    await chmod(folder, 0o700)
  })
})

describe('the store', () => {
  const share = (change: Partial<Share> = {}): Share => ({
    id: newShareId(),
    owner: 'me',
    taskId: 'a-task' as TaskId,
    createdAt: START,
    endsAt: START + DAY,
    shown: { credits: true, links: false },
    previews: false,
    ...change,
  })

  test("lists the owner's open shares, newest first", async () => {
    const { store } = await testSharing()
    const older = share()
    const newer = share({ createdAt: START + 1, shown: { credits: false, links: true } })
    const revoked = share()
    for (const one of [older, newer, revoked, share({ owner: 'you' })]) store.add(one)
    store.revoke('me', revoked.id)
    expect(store.ofOwner('me', START)).toEqual([newer, older])
    expect(store.ofOwner('me', START + DAY)).toEqual([])
  })

  test('revokes for its owner alone, at once and for good', async () => {
    const { store } = await testSharing()
    const one = share()
    store.add(one)
    expect(store.stateOf(one.id)).toBe('open')
    expect(store.revoke('you', one.id)).toBe(false)
    expect(store.stateOf(one.id)).toBe('open')
    expect(store.revoke('me', one.id)).toBe(true)
    expect(store.revoke('me', one.id)).toBe(true)
    expect(store.stateOf(one.id)).toBe('revoked')
    expect(store.stateOf('aaaaaaaaaaaaaaaa' as ShareId)).toBe('unknown')
  })

  test('deletes a share a day after it expired', async () => {
    const { store } = await testSharing()
    const one = share()
    store.add(one)
    store.add(share({ createdAt: START + 2 * DAY }))
    expect(store.stateOf(one.id)).toBe('open')
    store.add(share({ createdAt: START + 2 * DAY + 1 }))
    expect(store.stateOf(one.id)).toBe('unknown')
  })

  test('can be used by two processes, and survives a restart', async () => {
    const folder = await temporaryFolder()
    const [first, second] = [await testSharing([], folder), await testSharing([], folder)]
    const one = share({ owner: await first.ciphers[0].hashKey(KEY) })
    first.store.add(one)
    expect(second.store.ofOwner(await second.ciphers[0].hashKey(KEY), START)).toEqual([one])
    second.store.revoke(one.owner, one.id)
    expect(first.store.stateOf(one.id)).toBe('revoked')
    first.store.close()
    second.store.close()
    const third = await testSharing([], folder)
    expect(third.store.stateOf(one.id)).toBe('revoked')
  })

  test('has neither key nor token in any of its files', async () => {
    const folder = await temporaryFolder()
    const { ciphers, store } = await testSharing([SECRET], folder)
    const one = share({ owner: await ciphers[0].hashKey(KEY) })
    const token = await ciphers[0].encrypt(one.id, { key: KEY, ...one })
    store.add(one)
    const files = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')),
    )
    const all = files.join('')
    expect(all).toContain(one.id)
    for (const spelling of [...spellingsOf(KEY), token.slice(24)]) {
      expect(all).not.toContain(spelling)
    }
  })
})
