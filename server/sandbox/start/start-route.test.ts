import sharp from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import { askAndRead, list, ORIGIN, openSandbox } from '../testing.ts'
import {
  emptySandbox,
  formOf,
  imageFile,
  leftIn,
  photo,
  refusalOf,
  resultOf,
  start,
  started,
  until,
} from './testing.ts'

const near = (value: number) => expect.toSatisfy((seen: number) => Math.abs(seen - value) < 6)

const pixel = async (bytes: Buffer, left: number, top: number): Promise<number[]> => {
  const at = { left, top, width: 1, height: 1 }
  return [...(await sharp(bytes).keepIccProfile().extract(at).raw().toBuffer())]
}

describe('a started task', () => {
  test('is like any other: processed, charged, and its result is the image', async () => {
    const fixture = await emptySandbox({ pace: 0 })
    const { sandbox, dir } = fixture
    const bytes = await photo(60, 40).jpeg({ quality: 95 }).toBuffer()
    const form = formOf(imageFile(bytes, 'Утро №7.jpg'), { scale: '3', model: 'nature-boost-4x' })
    const response = await start(sandbox, form)
    expect([response.status, response.headers.get('x-task-cost')]).toEqual([200, '10'])
    const { taskId, creditsToDeduct } = await started(response)
    expect(taskId).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    expect(creditsToDeduct).toBe(10)

    const result = await resultOf(fixture, taskId)
    expect(await sharp(result).metadata()).toMatchObject({ format: 'png', width: 180, height: 120 })
    expect(await pixel(result, 20, 20)).toEqual([0x20, 0x40, 0xc0].map(near))
    expect(await pixel(result, 160, 100)).toEqual([0xd0, 0x80, 0x30].map(near))
    const { data } = await askAndRead(sandbox, taskId)
    expect(data).toMatchObject({ model: 'nature-boost-4x', scale: 3, saveImageAs: 'png' })
    expect(data.files?.[0]).toMatchObject({
      originalFileName: 'Утро №7.jpg',
      fileSize: bytes.length,
      finalFileSize: result.length,
    })
    expect((await list(sandbox)).ledger).toMatchObject([{ taskId, credits: 10 }])
    await until(async () => expect(await leftIn(dir)).toEqual([]))
  })

  test('is upright, and its colors keep their values and profile', async () => {
    const fixture = await emptySandbox({ pace: 0 })
    const bytes = await photo(60, 40)
      .withIccProfile('p3')
      .withExif({ IFD0: { Software: 'a camera' } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer()
    const before = await pixel(bytes, 10, 10)
    const { icc } = await sharp(bytes).metadata()
    for (const saveImageAs of ['png', 'jpg', 'webp']) {
      const form = formOf(imageFile(bytes), { saveImageAs })
      const { taskId } = await started(await start(fixture.sandbox, form))
      const result = await resultOf(fixture, taskId)
      const meta = await sharp(result).metadata()
      expect(meta).toMatchObject({ width: 80, height: 120 })
      expect(meta.orientation).toBeUndefined()
      expect(meta.exif).toBeUndefined()
      expect(meta.icc?.equals(icc as Buffer)).toBe(true)
      // The left corner is on the right after a quarter turn clockwise.
      expect(await pixel(result, 60, 20)).toEqual(before.map(near))
    }
  })

  test.each([
    ['png', [0x40, 0x80, 0xc0, 0x80]],
    ['webp', [0x40, 0x80, 0xc0, 0x80]],
    ['jpg', [0x9f, 0xbf, 0xdf]],
  ])('keeps its alpha if the format supports it: %s', async (saveImageAs, wanted) => {
    const fixture = await emptySandbox({ pace: 0 })
    const half = { width: 20, height: 12, channels: 4, background: '#4080c080' } as const
    for (const format of ['png', 'webp'] as const) {
      const bytes = await sharp({ create: half }).toFormat(format, { lossless: true }).toBuffer()
      const form = formOf(imageFile(bytes, 'cut-out'), { saveImageAs })
      const { taskId } = await started(await start(fixture.sandbox, form))
      expect(await pixel(await resultOf(fixture, taskId), 20, 12)).toEqual(wanted.map(near))
    }
  })

  test('is continued by another process on the same data', async () => {
    const left = await emptySandbox({ pace: 0.05 })
    const bytes = await photo(80, 60).png().toBuffer()
    const file = imageFile(bytes)
    const { taskId } = await started(await start(left.sandbox, formOf(file)))
    const before = await until(async () => {
      const { task } = await askAndRead(left.sandbox, taskId)
      expect(task.progress).toBeGreaterThan(15)
      return task.progress ?? 0
    })
    const next = await openSandbox({ dataDir: left.dir, pace: 0.001 })
    expect((await askAndRead(next.sandbox, taskId)).task.progress).toBeGreaterThanOrEqual(before)
    const result = await resultOf(next, taskId)
    expect(await sharp(result).metadata()).toMatchObject({ width: 160, height: 120 })
    const whole = await sharp(bytes).resize(160, 120, { kernel: 'lanczos3' }).raw().toBuffer()
    const pixels = await sharp(result).raw().toBuffer()
    const off = pixels.reduce(
      (most, value, n) => Math.max(most, Math.abs(value - (whole[n] ?? 0))),
      0,
    )
    expect(off).toBeLessThanOrEqual(1)
  })

  test('twenty at once, one of them broken and one too large', async () => {
    const fixture = await emptySandbox({ pace: 0 })
    const whole = await photo().jpeg().toBuffer()
    const large = await photo(4000, 3000).jpeg().toBuffer()
    const files = Array.from({ length: 20 }, (_, n) => {
      if (n === 7) return imageFile(whole.subarray(0, whole.length / 2), 'broken.jpg')
      return imageFile(n === 13 ? large : whole, n === 13 ? 'large.jpg' : `${n}.jpg`)
    })
    const settings = { scale: '4', saveImageAs: 'jpg' }
    const answers = await Promise.all(
      files.map((file) => start(fixture.sandbox, formOf(file, settings))),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toEqual(files.map((_, n) => (n === 7 || n === 13 ? 400 : 200)))
    expect(await refusalOf(answers[7] as Response)).toMatch(
      /^400 IMAGE_UNUSABLE: “broken.jpg” can't be decoded/,
    )
    expect(await refusalOf(answers[13] as Response)).toMatch(
      /^400 BAD_REQUEST: “large.jpg” would be 16000 × 12000 .* The largest scale that fits is 2\.$/,
    )
    for (const response of answers.filter(({ ok }) => ok)) {
      await resultOf(fixture, (await started(response)).taskId)
    }
    const { ledger } = await list(fixture.sandbox)
    expect(ledger).toHaveLength(18)
    expect(new Set(ledger.map(({ taskId }) => taskId)).size).toBe(18)
    await until(async () => expect(await leftIn(fixture.dir)).toEqual([]))
  })
})

describe('URLs', () => {
  test("of the sandbox's own images make a batch, in every notation", async () => {
    const fixture = await emptySandbox({ pace: 0 })
    const { sandbox } = fixture
    const [a, b] = [`${ORIGIN}/samples/dunes.webp`, `${ORIGIN}/samples/lake.webp`] as const
    const spellings = [
      [
        ['urls', a],
        ['urls', b],
      ],
      [
        ['urls[]', a],
        ['urls[]', b],
      ],
      [
        ['urls[0]', a],
        ['urls[1]', b],
      ],
      [['urls', JSON.stringify([a, b])]],
    ] as const
    for (const spelling of spellings) {
      const response = await start(sandbox, formOf(null, { scale: '1' }, spelling))
      expect(await started(response)).toMatchObject({ creditsToDeduct: 20 })
    }
    const first = await start(sandbox, formOf(null, { scale: '1' }, [['urls', a]]))
    const { taskId } = await started(first)
    await resultOf(fixture, taskId)
    const link = (await askAndRead(sandbox, taskId)).task.files[0]?.downloadUrl ?? ''
    const again = await started(await start(sandbox, formOf(null, {}, [['urls', link]])))
    expect((await sharp(await resultOf(fixture, again.taskId)).metadata()).width).toBe(1920)
  })

  test.each([
    'http://127.0.0.1:1/a.png',
    'https://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'http://cloud.test.evil.test/samples/dunes.webp',
    'http://cloud.test@evil.test/samples/dunes.webp',
    'http://cloud.test:81/samples/dunes.webp',
    `${ORIGIN}/samples/..%2f..%2fsandbox.db`,
    `${ORIGIN}/samples/../sandbox`,
    `${ORIGIN}/files/x/download?expires=1&signature=2`,
    'nonsense',
  ])('of other hosts are rejected without a request: %s', async (url) => {
    const { sandbox } = await openSandbox()
    const reached = vi.spyOn(globalThis, 'fetch')
    const refusal = await refusalOf(await start(sandbox, formOf(null, {}, [['urls', url]])))
    expect(refusal).toMatch(/^400 BAD_REQUEST: The sandbox makes no network requests\./)
    expect(reached).not.toHaveBeenCalled()
    reached.mockRestore()
  })
})

describe('credits', () => {
  test('of tasks not charged yet count as spent', async () => {
    const { sandbox, db } = await emptySandbox()
    db.run('UPDATE tasks SET status = ?', 'PROCESSING_FAILED')
    db.run('UPDATE accounts SET balance = 25')
    const file = imageFile(await photo().png().toBuffer())
    const statuses: number[] = []
    for (let n = 0; n < 3; n++) statuses.push((await start(sandbox, formOf(file))).status)
    expect(statuses).toEqual([200, 200, 402])
    const poor = await start(sandbox, formOf(file))
    expect([poor.status, await poor.json()]).toEqual([402, 'Insufficient credits'])
    expect(poor.headers.get('x-sandbox-reason')).toMatch(/^This task costs 10 .* You have 5 left/)
    expect(db.get('SELECT count(*) AS n FROM tasks WHERE demo = ?', 'upload')).toEqual({ n: 2 })
  })
})

describe('a start under an Idempotency-Key', () => {
  const KEY = { 'idempotency-key': '"8e03978e-40d5-43e8-bc93-6894a57f9324"' }

  test('is one task, however often it is sent', async () => {
    const { sandbox, db, dir } = await emptySandbox()
    const file = imageFile(await photo().png().toBuffer())
    const send = () => start(sandbox, formOf(file), KEY)
    const all = await Promise.all([send(), send(), send()])
    const first = await started(all[0] as Response)
    for (const response of [...all.slice(1), await send()])
      expect(await started(response)).toEqual(first)
    expect(db.all("SELECT id FROM tasks WHERE demo = 'upload'")).toEqual([{ id: first.taskId }])
    // Without quotes it is the same key.
    const bare = { 'idempotency-key': KEY['idempotency-key'].replaceAll('"', '') }
    expect(await started(await start(sandbox, formOf(file), bare))).toEqual(first)
    expect(await leftIn(dir)).toHaveLength(1)
    db.run('UPDATE accounts SET balance = 0')
    expect((await send()).status).toBe(200)
  })

  test('with another form is rejected; a day later it is a new one', async () => {
    let time = 1_800_000_000_000
    const { sandbox } = await emptySandbox({ now: () => time })
    const file = imageFile(await photo().png().toBuffer())
    const first = await started(await start(sandbox, formOf(file), KEY))
    const other = imageFile(await photo(20, 20).png().toBuffer())
    for (const form of [formOf(other), formOf(file, { scale: '3' })]) {
      expect(await refusalOf(await start(sandbox, form, KEY))).toMatch(
        /^422 IDEMPOTENCY_KEY_REUSED/,
      )
    }
    time += 24 * 3_600_000 + 1
    expect((await started(await start(sandbox, formOf(other), KEY))).taskId).not.toBe(first.taskId)
  })

  test('that was rejected can be used again', async () => {
    const { sandbox } = await emptySandbox()
    expect((await start(sandbox, formOf(imageFile('')), KEY)).status).toBe(400)
    const file = imageFile(await photo().png().toBuffer())
    expect((await start(sandbox, formOf(file), KEY)).status).toBe(200)
  })

  test.each(['""', 'a b', '"a', `"${'x'.repeat(256)}"`, ''])('%j is invalid', async (key) => {
    const { sandbox } = await openSandbox()
    const file = imageFile(await photo().png().toBuffer())
    const response = await start(sandbox, formOf(file), { 'idempotency-key': key })
    expect(await refusalOf(response)).toMatch(/^400 BAD_REQUEST: The header Idempotency-Key/)
  })
})

test('without a key, with a wrong one, and beyond the limit', async () => {
  const { sandbox } = await openSandbox()
  const file = imageFile(await photo().png().toBuffer())
  for (const key of ['', 'wrong']) {
    const response = await start(sandbox, formOf(file), { 'x-api-key': key })
    expect([response.status, await response.json()]).toEqual([400, 'Bad Request: Missing User'])
  }
  for (let n = 0; n < 50; n++) await start(sandbox, '{}', { 'content-type': 'text/plain' })
  const response = await start(sandbox, formOf(file))
  expect(response.headers.get('retry-after')).toBe('3600')
  expect(await refusalOf(response)).toMatch(/^429 RATE_LIMIT_EXCEEDED: .* 60 minutes/)
})
