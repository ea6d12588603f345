import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DAY } from '../../src/lib/units.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import { secretIn } from '../secret-file.ts'
import { openSharing } from './open-sharing.ts'
import { newShareId, type ShareId } from './sealer.ts'
import type { Share } from './share-store.ts'
import { KEY, SECRET, START, spellingsOf, temporaryFolder, testSharing } from './testing.ts'

const FILE = { file: 'share-secret', without: 'links given end' }

describe('the generated secret', () => {
  test('is one for all who begin at once, and stays', async () => {
    const folder = await temporaryFolder()
    const secrets = await Promise.all(Array.from({ length: 20 }, () => secretIn(folder, FILE)))
    expect(new Set(secrets).size).toBe(1)
    expect(secrets[0]).toMatch(/^[A-Za-z0-9+/]{64}$/)
    expect(await secretIn(folder, FILE)).toBe(secrets[0])
    expect(await readdir(folder)).toEqual(['share-secret'])
    expect((await stat(join(folder, 'share-secret'))).mode & 0o777).toBe(0o600)
  })

  test('is another in another folder', async () => {
    expect(await secretIn(await temporaryFolder(), FILE)).not.toBe(
      await secretIn(await temporaryFolder(), FILE),
    )
  })

  test('that was damaged is no secret', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'share-secret'), 'short\n')
    await expect(secretIn(folder, FILE)).rejects.toThrow(/share-secret holds no secret\. Delete it/)
  })
})

describe('live links', () => {
  test('make their folder, and keep in it what they must', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b')
    await testSharing([], folder)
    expect((await readdir(folder)).filter((name) => !/-(wal|shm)$/.test(name))).toEqual([
      'share-secret',
      'shares.db',
    ])
  })

  test('make no secret where one is given', async () => {
    const folder = await temporaryFolder()
    await testSharing([SECRET], folder)
    expect(await readdir(folder)).not.toContain('share-secret')
  })

  test('say in a sentence why they cannot be', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'file')
    await writeFile(file, '')
    const damaged = join(folder, 'damaged')
    await mkdir(damaged)
    await writeFile(join(damaged, 'share-secret'), '')
    const broken = join(folder, 'broken')
    await mkdir(broken)
    await writeFile(join(broken, 'shares.db'), 'x'.repeat(9000))
    const whys = await Promise.all(
      [file, damaged, broken].map((dataDir) => openSharing({ dataDir, shareSecrets: [] })),
    )
    expect(whys).toEqual([
      { ok: false, error: expect.stringContaining('a file of that name is in the way') },
      { ok: false, error: expect.stringContaining('share-secret holds no secret') },
      { ok: false, error: expect.stringContaining('shares.db cannot be opened: it is damaged') },
    ])
  })

  // root may write anywhere
  test.skipIf(process.getuid?.() === 0)('need a folder that can be written', async () => {
    const folder = await temporaryFolder()
    await chmod(folder, 0o500)
    const opened = await openSharing({ dataDir: folder, shareSecrets: [SECRET] })
    expect(opened).toEqual({ ok: false, error: expect.stringContaining('it is not writable') })
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
    ...change,
  })

  test('lists what is open and its owner’s, the newest first', async () => {
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

  test('forgets a share a day after its end', async () => {
    const { store } = await testSharing()
    const one = share()
    store.add(one)
    store.add(share({ createdAt: START + 2 * DAY }))
    expect(store.stateOf(one.id)).toBe('open')
    store.add(share({ createdAt: START + 2 * DAY + 1 }))
    expect(store.stateOf(one.id)).toBe('unknown')
  })

  test('is open to two processes, and there after a restart', async () => {
    const folder = await temporaryFolder()
    const [first, second] = [await testSharing([], folder), await testSharing([], folder)]
    const one = share({ owner: await first.sealers[0].hashKey(KEY) })
    first.store.add(one)
    expect(second.store.ofOwner(await second.sealers[0].hashKey(KEY), START)).toEqual([one])
    second.store.revoke(one.owner, one.id)
    expect(first.store.stateOf(one.id)).toBe('revoked')
    first.store.close()
    second.store.close()
    const third = await testSharing([], folder)
    expect(third.store.stateOf(one.id)).toBe('revoked')
  })

  test('has neither key nor token in any of its files', async () => {
    const folder = await temporaryFolder()
    const { sealers, store } = await testSharing([SECRET], folder)
    const one = share({ owner: await sealers[0].hashKey(KEY) })
    const token = await sealers[0].seal(one.id, { key: KEY, ...one })
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
