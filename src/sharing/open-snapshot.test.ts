import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SAMPLE_NAMES } from '../../core/api/samples.ts'
import { toBase64url } from '../../core/lib/base64url.ts'
import { anySamples, recordAfter, T0 } from '../tasks/testing-list.ts'
import { writeSnapshot } from './codec.ts'
import { encodeSnapshot } from './create-snapshot.ts'
import { openSnapshot } from './open-snapshot.ts'
import { ALL, doneSnapshot, NONE, packedByHand, snapshotOf } from './testing.ts'

const PASSPHRASE = 'drei Möwen'

afterEach(() => vi.unstubAllGlobals())

const faultOf = async (fragment: string, passphrase: string | null = null) => {
  const opened = await openSnapshot(fragment, passphrase)
  return opened.ok ? null : opened.error
}

/** JSON of a snapshot, to be modified by tests. */
// biome-ignore lint/suspicious/noExplicitAny: made to be changed in any way
const written = (): any => JSON.parse(writeSnapshot(doneSnapshot()))

describe('a snapshot', () => {
  it.each(SAMPLE_NAMES)('of %s opens as it was created', async (name) => {
    for (const shown of [ALL, NONE]) {
      const snapshot = snapshotOf([recordAfter(['enhancing', name])], shown)
      const opened = await openSnapshot(await encodeSnapshot(snapshot, null), null)
      expect(opened).toEqual({ ok: true, value: snapshot })
    }
  })

  it('of any tasks opens as it was created', async () => {
    const anyTasks = fc.array(anySamples, { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(anyTasks, fc.boolean(), fc.boolean(), async (tasks, credits, links) => {
        const snapshot = snapshotOf(
          tasks.map((names) => recordAfter(names)),
          { credits, links },
        )
        const opened = await openSnapshot(await encodeSnapshot(snapshot, null), null)
        expect(opened).toEqual({ ok: true, value: snapshot })
      }),
    )
  })

  it('has its times by the clock of the server', async () => {
    const record = { ...recordAfter(['enhancing', 'processed']), clockSkew: 3_600_000 }
    const { at, tasks } = snapshotOf([record])
    expect(at).toBe(T0 + 120_000 + 3_600_000)
    expect(tasks[0]?.record).toMatchObject({
      seenAt: (record.seenAt ?? 0) + 3_600_000,
      clockSkew: 0,
    })
  })

  it('opens however people and programs pass it on', async () => {
    const packed = await encodeSnapshot(doneSnapshot(), null)
    const folded = packed.replace(/.{72}/g, '$&\r\n ')
    for (const text of [
      ` ${packed}\n`,
      `${packed}.`,
      `${packed})`,
      `${packed}>,`,
      `#${packed}`,
      `https://loupe.example/snapshot#${packed}`,
      encodeURIComponent(packed),
      `${packed}%20`,
      `${packed}%0A`,
      folded,
    ]) {
      expect(await openSnapshot(text, null), text.slice(0, 20)).toMatchObject({ ok: true })
    }
  })

  it('opens only with its passphrase', async () => {
    const snapshot = doneSnapshot()
    const packed = await encodeSnapshot(snapshot, PASSPHRASE)
    expect(packed).toMatch(/^1p\./)
    expect(await faultOf(packed)).toBe('locked')
    expect(await faultOf(packed, 'drei Mowen')).toBe('wrong-passphrase')
    expect(await faultOf(packed, '')).toBe('wrong-passphrase')
    // In the form another keyboard would type it.
    const opened = await openSnapshot(packed, PASSPHRASE.normalize('NFD'))
    expect(opened).toEqual({ ok: true, value: snapshot })
  })

  it('encrypted twice has nothing in common', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => encodeSnapshot(doneSnapshot(), PASSPHRASE)),
    )
    expect(one?.slice(3, 40)).not.toBe(other?.slice(3, 40))
    expect(one?.slice(-40)).not.toBe(other?.slice(-40))
  })

  it('encrypted and modified does not open', async () => {
    const packed = await encodeSnapshot(doneSnapshot(), PASSPHRASE)
    const altered = `${packed.slice(0, -9)}${packed.at(-9) === 'A' ? 'B' : 'A'}${packed.slice(-8)}`
    expect(await faultOf(altered, PASSPHRASE)).toBe('wrong-passphrase')
    // The prefix is authenticated with the data.
    expect(await faultOf(packed.replace('1p.', '1.'))).toBe('damaged')
  })

  it('needs WebCrypto when it is encrypted', async () => {
    const packed = await encodeSnapshot(doneSnapshot(), PASSPHRASE)
    vi.stubGlobal('crypto', {})
    expect(await faultOf(packed, PASSPHRASE)).toBe('no-crypto')
    await expect(encodeSnapshot(doneSnapshot(), PASSPHRASE)).rejects.toThrow('https or localhost')
    expect(await faultOf(await encodeSnapshot(doneSnapshot(), null))).toBeNull()
  })
})

describe('an invalid snapshot', () => {
  it('has a specific error', async () => {
    const packed = await encodeSnapshot(doneSnapshot(), null)
    expect(await faultOf('')).toBe('not-a-snapshot')
    expect(await faultOf('main')).toBe('not-a-snapshot')
    expect(await faultOf('0.AAAA')).toBe('not-a-snapshot')
    expect(await faultOf('%E0%A4%A')).toBe('not-a-snapshot')
    expect(await faultOf('2.AAAA')).toBe('newer')
    expect(await faultOf('1z.AAAA')).toBe('newer')
    expect(await faultOf('17pq.~~~~')).toBe('newer')
    expect(await faultOf('1.')).toBe('damaged')
    expect(await faultOf('1.A')).toBe('damaged')
    expect(await faultOf('1p.AAAA')).toBe('damaged')
    expect(await faultOf(`${packed.slice(0, 90)}*${packed.slice(90)}`)).toBe('damaged')
    expect(await faultOf(`1.${'A'.repeat(70_000)}`)).toBe('too-large')
  })

  it('is detected when cut off or changed at any position', async () => {
    const snapshot = doneSnapshot()
    const packed = await encodeSnapshot(snapshot, null)
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: packed.length - 3 }),
        fc.constantFrom(...'AZaz09-_'),
        async (n, letter) => {
          const cut = packed.slice(0, 2 + n)
          expect(await faultOf(cut)).toMatch(/^(damaged|not-a-snapshot)$/)
          const place = 2 + n
          if (packed[place] === letter || place === packed.length - 1) return
          const changed = `${packed.slice(0, place)}${letter}${packed.slice(place + 1)}`
          const opened = await openSnapshot(changed, null)
          // Compressed text may refer to either of two equal places: that change decodes to the
          // same text.
          if (opened.ok) expect(opened.value).toEqual(snapshot)
          else expect(opened.error).toMatch(/^(damaged|not-a-snapshot)$/)
        },
      ),
    )
  })

  it('stops inflating at a limit', async () => {
    const bomb = await packedByHand(' '.repeat(10_000_000))
    expect(bomb.length).toBeLessThan(20_000)
    expect(await faultOf(bomb)).toBe('too-large')
    // Even when the content could be a valid snapshot.
    const long = written()
    long.tasks[0].record.task.files[0].originalName = 'x'.repeat(10_000_000)
    expect(await faultOf(await packedByHand(long))).toBe('too-large')
  })

  it('never throws, whatever it contains', async () => {
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => void (await faultOf(text))))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ max: 255, maxLength: 80 }), async (bytes) => {
        expect(await faultOf(`1.${toBase64url(bytes)}`)).toMatch(/^(damaged|not-a-snapshot)$/)
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (content) => {
        expect(await faultOf(await packedByHand(content))).toBe('not-a-snapshot')
      }),
    )
    expect(await faultOf(await packedByHand('['.repeat(400_000)))).toBe('not-a-snapshot')
    expect(await faultOf(await packedByHand('{"tasks":'.repeat(20_000)))).toBe('not-a-snapshot')
  })
})

describe('a handmade snapshot', () => {
  const opened = async (content: unknown) => {
    const result = await openSnapshot(await packedByHand(content), null)
    if (!result.ok) throw new Error(result.error)
    return result.value
  }

  it.each(['javascript:alert(1)', 'data:text/html,<script>', 'file:///etc', '//host', 'x'])(
    'is rejected for the link %s',
    async (link) => {
      for (const field of ['downloadUrl', 'thumbnailUrl']) {
        const content = written()
        content.tasks[0].record.task.files[0][field] = link
        expect(await faultOf(await packedByHand(content))).toBe('not-a-snapshot')
      }
    },
  )

  it('is rejected for impossible times, counts and IDs', async () => {
    for (const change of [
      { at: 8.7e15 },
      { at: -1 },
      { at: '2026' },
      { leftOut: -1 },
      { leftOut: 1.5 },
      { tasks: [] },
      { tasks: {} },
      { tasks: Array.from({ length: 1001 }, () => written().tasks[0]) },
      { tasks: [{ ...written().tasks[0], id: '../..' }] },
      { tasks: [{ ...written().tasks[0], id: '__proto__ x' }] },
      { tasks: [{ ...written().tasks[0], record: { seenAt: 8.65e15 } }] },
      { tasks: [{ ...written().tasks[0], record: { task: { kind: 'script' } } }] },
      { shown: { credits: 1, links: true } },
      { shown: null },
    ]) {
      const content = { ...written(), ...change }
      expect(await faultOf(await packedByHand(content)), JSON.stringify(change).slice(0, 60)).toBe(
        'not-a-snapshot',
      )
    }
  })

  it('shows nothing that it claims to leave out', async () => {
    const content = { ...written(), shown: NONE }
    const text = JSON.stringify(await opened(content))
    expect(text).not.toContain('https://')
    expect(text).not.toContain('"deducted"')
  })

  it('has its texts cleaned and truncated', async () => {
    const content = written()
    const { task } = content.tasks[0].record
    task.files[0].originalName = `\u202egnp.exe${'x'.repeat(400)}`
    task.settings.model = `a\nb${'y'.repeat(400)}`
    content.tasks[0].record.failure = {
      at: T0,
      error: { kind: 'rejected', status: 400, message: `\u0007${'z'.repeat(5000)}` },
    }
    const [seen] = (await opened(content)).tasks
    const file = seen?.record.task?.files[0]
    expect(file?.originalName).toMatch(/^\ufffdgnp.exex+…$/)
    expect(file?.originalName).toHaveLength(255)
    expect(seen?.record.task?.settings.model).toHaveLength(80)
    expect(seen?.record.failure?.error).toMatchObject({ message: `\ufffd${'z'.repeat(298)}…` })
  })

  it('cannot touch prototypes or add unknown fields', async () => {
    const text = JSON.stringify(written())
      .replace(
        '"record":{',
        '"record":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
      )
      .replace('"settings":{', '"settings":{"__proto__":{"polluted":1},"toString":"x",')
      .replace('{"at"', '{"__proto__":{"polluted":1},"extra":"<script>","at"')
    const snapshot = await opened(text)
    expect(snapshot).toEqual(doneSnapshot())
    expect(JSON.stringify(snapshot)).not.toMatch(/polluted|extra|toString/)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(Object.getPrototypeOf(snapshot.tasks[0]?.record)).toBe(Object.prototype)
  })

  it('has no number that fills a page', async () => {
    const content = written()
    content.tasks[0].record.task.credits.amount = 1e308
    content.tasks[0].record.task.files[0].size = 1e300
    const task = (await opened(content)).tasks[0]?.record.task
    expect(task?.credits.amount).toBeNull()
    expect(task?.files[0]?.size).toBeNull()
  })
})
