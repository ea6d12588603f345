import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromBase64url, toBase64url } from '../../src/lib/base64url.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import { createSealer, type Grant, LONGEST_TOKEN, newShareId } from './sealer.ts'
import { KEY, SECRET, START, spellingsOf } from './testing.ts'

const grant = (change: Partial<Grant> = {}): Grant => ({
  key: KEY,
  taskId: 'a-task' as TaskId,
  endsAt: START,
  shown: { credits: true, links: false },
  ...change,
})

describe('base64url', () => {
  test('reads what it writes, which is safe in an address', () => {
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

describe('a sealer', () => {
  test('opens what it sealed, and makes the same token again', async () => {
    const sealer = await createSealer(SECRET)
    const again = await createSealer(SECRET)
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
          const token = await sealer.seal(id, given)
          expect(token.length).toBeLessThanOrEqual(LONGEST_TOKEN)
          expect(token).toMatch(/^[\w-]+$/)
          expect(await again.open(token)).toEqual({ id, grant: given })
          expect(await again.seal(id, given)).toBe(token)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('opens no token with a bit changed, wherever', async () => {
    const sealer = await createSealer(SECRET)
    const bytes = fromBase64url(await sealer.seal(newShareId(), grant())) ?? new Uint8Array()
    const altered = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = bytes.slice()
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return toBase64url(copy)
    })
    const opened = await Promise.all(altered.map((token) => sealer.open(token)))
    expect(opened.filter((one) => one !== null)).toEqual([])
  })

  test('opens nothing else that is altered', async () => {
    const sealer = await createSealer(SECRET)
    const token = await sealer.seal(newShareId(), grant())
    const at = fc.nat({ max: token.length - 1 })
    await fc.assert(
      fc.asyncProperty(at, at, fc.string({ maxLength: 6 }), async (a, b, put) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const altered = token.slice(0, from) + put + token.slice(to)
        fc.pre(altered !== token)
        expect(await sealer.open(altered)).toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  test('opens no token that is put together from two', async () => {
    const sealer = await createSealer(SECRET)
    const other = await createSealer(`${SECRET}-other`)
    const mine = fromBase64url(await sealer.seal(newShareId(), grant()))
    const swapped = { taskId: 'b-task' as TaskId }
    const theirs = [
      fromBase64url(await sealer.seal(newShareId(), grant(swapped))),
      fromBase64url(await other.seal(newShareId(), grant(swapped))),
    ]
    const whole = [mine, ...theirs].map((bytes) => toBase64url(bytes ?? new Uint8Array()))
    for (const their of theirs) {
      for (let cut = 1; cut < (mine?.length ?? 0); cut++) {
        const mixed = [...(mine ?? []).slice(0, cut), ...(their ?? []).slice(cut)]
        const back = [...(their ?? []).slice(0, cut), ...(mine ?? []).slice(cut)]
        for (const bytes of [mixed, back]) {
          const token = toBase64url(new Uint8Array(bytes))
          // Both begin alike, so one cut there is no cut.
          if (whole.includes(token)) continue
          expect(await sealer.open(token), String(cut)).toBeNull()
        }
      }
    }
  })

  test('opens nothing of another secret, and nothing too long or too short', async () => {
    const sealer = await createSealer(SECRET)
    const other = await createSealer(`${SECRET}-other`)
    const token = await other.seal(newShareId(), grant())
    for (const text of [token, '', 'A', 'AQ', token.slice(0, 24), 'A'.repeat(LONGEST_TOKEN + 4)]) {
      expect(await sealer.open(text)).toBeNull()
    }
  })

  test('shows nothing of the key in a token or a hash', async () => {
    const sealer = await createSealer(SECRET)
    const id = newShareId()
    const shown = `${await sealer.seal(id, grant())} ${await sealer.hashKey(KEY)}`
    const bytes = Buffer.from(await sealer.seal(id, grant()), 'base64url').toString('latin1')
    for (const spelling of spellingsOf(KEY)) expect(shown + bytes).not.toContain(spelling)
  })

  test('hashes a key alike for one secret, and differently for another', async () => {
    const [one, two, other] = await Promise.all(
      [SECRET, SECRET, `${SECRET}-other`].map(createSealer),
    )
    expect(await one?.hashKey(KEY)).toBe(await two?.hashKey(KEY))
    expect(await one?.hashKey(KEY)).not.toBe(await other?.hashKey(KEY))
    expect(await one?.hashKey(KEY)).not.toBe(await one?.hashKey(`${KEY}x`))
  })

  test('never gives two links one id', () => {
    const ids = Array.from({ length: 2000 }, newShareId)
    expect(new Set(ids).size).toBe(2000)
  })
})
