import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { fromBase64url, toBase64url } from '../../core/lib/base64url.ts'
import { createTokenCipher, MAX_TOKEN_LENGTH, newShareId, type ShareGrant } from './share-token.ts'
import { KEY, SECRET, START, spellingsOf } from './testing.ts'

const grant = (change: Partial<ShareGrant> = {}): ShareGrant => ({
  key: KEY,
  taskId: 'a-task' as TaskId,
  endsAt: START,
  shown: { credits: true, links: false },
  ...change,
})

describe('base64url', () => {
  test('decodes what it encodes, which is URL-safe', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toBase64url(bytes)
        expect(text).toMatch(/^[\w-]*$/)
        expect(fromBase64url(text)).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  test('has one spelling for the same bytes', () => {
    expect(fromBase64url('AA')).toEqual(new Uint8Array([0]))
    for (const text of ['AB', 'AA==', 'AA=', 'A', 'A A', '+/+/', 'AA\n', 'é']) {
      expect(fromBase64url(text), text).toBeNull()
    }
  })
})

describe('a token cipher', () => {
  test('decrypts what it encrypted, and recreates the same token', async () => {
    const cipher = await createTokenCipher(SECRET)
    const again = await createTokenCipher(SECRET)
    const keys = fc.string({
      unit: fc.integer({ min: 33, max: 126 }).map((n) => String.fromCharCode(n)),
      maxLength: 512,
    })
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/),
        fc.maxSafeInteger(),
        fc.record({ credits: fc.boolean(), links: fc.boolean() }),
        async (key, taskId, endsAt, shown) => {
          const [id, given] = [newShareId(), { key, taskId: taskId as TaskId, endsAt, shown }]
          const token = await cipher.encrypt(id, given)
          expect(token.length).toBeLessThanOrEqual(MAX_TOKEN_LENGTH)
          expect(token).toMatch(/^[\w-]+$/)
          expect(await again.decrypt(token)).toEqual({ id, grant: given })
          expect(await again.encrypt(id, given)).toBe(token)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('decrypts no token with any bit changed', async () => {
    const cipher = await createTokenCipher(SECRET)
    const bytes = fromBase64url(await cipher.encrypt(newShareId(), grant())) ?? new Uint8Array()
    const altered = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = bytes.slice()
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return toBase64url(copy)
    })
    const opened = await Promise.all(altered.map((token) => cipher.decrypt(token)))
    expect(opened.filter((one) => one !== null)).toEqual([])
  })

  test('decrypts nothing else that is altered', async () => {
    const cipher = await createTokenCipher(SECRET)
    const token = await cipher.encrypt(newShareId(), grant())
    const at = fc.nat({ max: token.length - 1 })
    await fc.assert(
      fc.asyncProperty(at, at, fc.string({ maxLength: 6 }), async (a, b, put) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const altered = token.slice(0, from) + put + token.slice(to)
        fc.pre(altered !== token)
        expect(await cipher.decrypt(altered)).toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  test('decrypts no token combined from two', async () => {
    const cipher = await createTokenCipher(SECRET)
    const other = await createTokenCipher(`${SECRET}-other`)
    const mine = fromBase64url(await cipher.encrypt(newShareId(), grant()))
    const swapped = { taskId: 'b-task' as TaskId }
    const theirs = [
      fromBase64url(await cipher.encrypt(newShareId(), grant(swapped))),
      fromBase64url(await other.encrypt(newShareId(), grant(swapped))),
    ]
    const whole = [mine, ...theirs].map((bytes) => toBase64url(bytes ?? new Uint8Array()))
    for (const their of theirs) {
      for (let cut = 1; cut < (mine?.length ?? 0); cut++) {
        const mixed = [...(mine ?? []).slice(0, cut), ...(their ?? []).slice(cut)]
        const back = [...(their ?? []).slice(0, cut), ...(mine ?? []).slice(cut)]
        for (const bytes of [mixed, back]) {
          const token = toBase64url(new Uint8Array(bytes))
          // Both start the same, so splicing there changes nothing.
          if (whole.includes(token)) continue
          expect(await cipher.decrypt(token), String(cut)).toBeNull()
        }
      }
    }
  })

  test('decrypts nothing of another secret, and nothing too long or too short', async () => {
    const cipher = await createTokenCipher(SECRET)
    const other = await createTokenCipher(`${SECRET}-other`)
    const token = await other.encrypt(newShareId(), grant())
    for (const text of [
      token,
      '',
      'A',
      'AQ',
      token.slice(0, 24),
      'A'.repeat(MAX_TOKEN_LENGTH + 4),
    ]) {
      expect(await cipher.decrypt(text)).toBeNull()
    }
  })

  test('reveals nothing of the key in a token or a hash', async () => {
    const cipher = await createTokenCipher(SECRET)
    const id = newShareId()
    const shown = `${await cipher.encrypt(id, grant())} ${await cipher.hashKey(KEY)}`
    const bytes = Buffer.from(await cipher.encrypt(id, grant()), 'base64url').toString('latin1')
    for (const spelling of spellingsOf(KEY)) expect(shown + bytes).not.toContain(spelling)
  })

  test('hashes a key the same for one secret, and differently for another', async () => {
    const [one, two, other] = await Promise.all(
      [SECRET, SECRET, `${SECRET}-other`].map(createTokenCipher),
    )
    expect(await one?.hashKey(KEY)).toBe(await two?.hashKey(KEY))
    expect(await one?.hashKey(KEY)).not.toBe(await other?.hashKey(KEY))
    expect(await one?.hashKey(KEY)).not.toBe(await one?.hashKey(`${KEY}x`))
  })

  test('never gives two links one ID', () => {
    const ids = Array.from({ length: 2000 }, newShareId)
    expect(new Set(ids).size).toBe(2000)
  })
})
