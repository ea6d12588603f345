import { describe, expect, test } from 'vitest'
import type { RawResponse } from '../../core/api/raw-response.ts'
import { createRecording, type RecordedResponse } from '../../core/api/recording.ts'
import { SAMPLES, type SampleName } from '../../core/api/samples.ts'
import { HOUR, SECOND } from '../../core/lib/units.ts'
import type { Sandbox } from './sandbox.ts'
import { ask, askAndRead, get, list, NOW, ORIGIN, openSandbox, post } from './testing.ts'

const RECORDED = Date.UTC(2026, 0, 1, 12)
const SECRETS = { key: 'key-1234567890', taskId: 'task-1234567890' }

/** A response `after` ms, half a second after its request. */
const answer = (
  after: number,
  sample: SampleName,
  change: Partial<RawResponse> = {},
): RecordedResponse => ({
  kind: 'reply',
  askedAt: RECORDED + after - 500,
  answeredAt: RECORDED + after,
  reply: { ...SAMPLES[sample].reply(RECORDED, 'https://files.example'), ...change },
})
const silence = (after: number): RecordedResponse => ({
  kind: 'silence',
  askedAt: RECORDED + after - 500,
  answeredAt: RECORDED + after,
  why: 'network',
})
const fileOf = (...answers: RecordedResponse[]) => JSON.stringify(createRecording(answers, SECRETS))

const upload = (sandbox: Sandbox, text: string) => post(sandbox, '/sandbox/recordings', text)
async function add(sandbox: Sandbox, ...answers: RecordedResponse[]) {
  const response = await upload(sandbox, fileOf(...answers))
  expect(response.status).toBe(201)
  return (await response.json()) as { id: string; title: string; says: string }
}

/** A sandbox with a fixed clock, set in ms from its start. */
async function openWithClock() {
  let time = NOW
  const { sandbox, dir } = await openSandbox({ pace: 0.01, now: () => time })
  return {
    sandbox,
    dir,
    at(ms: number) {
      time = NOW + ms
    },
  }
}

describe('a recording', () => {
  test('is listed once added, and is a task', async () => {
    const { sandbox } = await openSandbox()
    const added = await add(sandbox, answer(0, 'enhancing'), answer(30_000, 'processed'))
    expect(added).toEqual({
      id: expect.stringMatching(/^recording-[0-9a-f]{8}$/),
      title: 'A recording',
      says: '2 responses over 31 s, then Done',
    })
    const { id, says } = added
    const { recordings, requestsByTask } = await list(sandbox)
    expect(recordings).toEqual([{ id, says }])
    expect(requestsByTask).toEqual({})
    await askAndRead(sandbox, id)
    expect((await list(sandbox)).requestsByTask).toEqual({ [id]: 1 })
    expect((await ask(sandbox, id, 'wrong')).status).toBe(400)
  })

  test.each([
    [[answer(0, 'error-429')], '1 response over 1 s, then error 429'],
    [[answer(0, 'error-html'), silence(3000)], '2 responses over 4 s, then no response'],
    [[answer(0, 'error-cut-off')], '1 response over 1 s, then error 200'],
  ])('has a description', async (answers, says) => {
    const { sandbox } = await openSandbox()
    expect(await add(sandbox, ...answers)).toMatchObject({ says })
  })

  test('runs in its own time from the first request on, regardless of the pace', async () => {
    const { sandbox, at } = await openWithClock()
    const { id } = await add(
      sandbox,
      answer(500, 'processing'),
      answer(10_000, 'enhancing'),
      answer(20_000, 'processed'),
    )
    const seen: string[] = []
    at(HOUR)
    for (const ms of [0, 499, 9999, 10_000, 19_999, 20_000, 50 * HOUR]) {
      at(HOUR + ms)
      seen.push((await askAndRead(sandbox, id)).task.kind)
    }
    expect(seen).toEqual([
      ...['processing', 'processing', 'processing'],
      ...['enhancing', 'enhancing'],
      ...['processed', 'processed'],
    ])
  })

  test('has a separate clock for each copy', async () => {
    const { sandbox, at } = await openWithClock()
    const { id } = await add(sandbox, answer(500, 'enhancing'), answer(10_000, 'processed'))
    await askAndRead(sandbox, id)
    at(10_000)
    expect((await askAndRead(sandbox, id)).task.kind).toBe('processed')
    expect((await askAndRead(sandbox, `${id}~2`)).task.kind).toBe('enhancing')
  })

  test('keeps its time differences, and has working links', async () => {
    const { sandbox, at } = await openWithClock()
    const { id } = await add(sandbox, answer(500, 'expiring'), answer(10_000, 'expiring'))
    at(HOUR)
    const first = await askAndRead(sandbox, id)
    at(HOUR + 60_000)
    const { task } = await askAndRead(sandbox, id)
    expect(task.files).toEqual(first.task.files)
    const [file] = task.files
    // Two minutes after the recorded response's sample was made: the same two after the first request.
    expect(file?.expiresAt).toBe(NOW + HOUR + 120_000)
    expect(file?.downloadUrl).toBe(`${ORIGIN}/samples/dunes.webp`)
    expect((await get(sandbox, file?.downloadUrl ?? '')).status).toBe(200)
  })

  test('has current times in its headers, with the recorded difference', async () => {
    const { sandbox, at } = await openWithClock()
    const headers = {
      date: new Date(RECORDED - 60_000).toUTCString(),
      'retry-after': new Date(RECORDED + 90_000).toUTCString(),
    }
    const { id } = await add(sandbox, answer(0, 'error-429', { headers }))
    for (const ms of [0, HOUR]) {
      at(ms)
      const response = await ask(sandbox, id)
      expect(response.status).toBe(429)
      expect(Object.fromEntries(response.headers)).toEqual({
        'content-type': 'text/plain;charset=UTF-8',
        date: new Date(NOW + ms - 60_000).toUTCString(),
        'retry-after': new Date(NOW + ms + 90_000).toUTCString(),
      })
    }
  })

  test('breaks off where no response was recorded, and responds again after that', async () => {
    const { sandbox, at } = await openWithClock()
    const { id } = await add(sandbox, silence(500), answer(10_000, 'processed'))
    const response = await ask(sandbox, id)
    await expect(response.text()).rejects.toThrow()
    at(10_000)
    expect((await askAndRead(sandbox, id)).task.kind).toBe('processed')
  })

  test('of a response without a body has none', async () => {
    const { sandbox } = await openSandbox()
    const { id } = await add(sandbox, answer(0, 'processed', { status: 204 }))
    const response = await ask(sandbox, id)
    expect([response.status, await response.text()]).toEqual([204, ''])
  })

  test('is stored, and stays the same when added again', async () => {
    const { sandbox: first, dir } = await openSandbox()
    const { id } = await add(first, answer(0, 'processed'))
    const pretty = JSON.stringify(JSON.parse(fileOf(answer(0, 'processed'))), null, 2)
    expect(await (await upload(first, pretty)).json()).toMatchObject({ id })
    await first.close()
    const { sandbox } = await openSandbox({ dataDir: dir })
    expect((await list(sandbox)).recordings).toHaveLength(1)
    expect((await askAndRead(sandbox, id)).task.kind).toBe('processed')
  })

  test('is deleted when fifty newer ones exist', async () => {
    const { sandbox } = await openSandbox()
    const ids: string[] = []
    for (let n = 0; n < 51; n++) ids.push((await add(sandbox, silence(n * SECOND))).id)
    const { recordings } = await list(sandbox)
    expect(recordings.map(({ id }) => id)).toEqual(ids.slice(1).reverse())
    expect((await ask(sandbox, ids[0] ?? '')).status).toBe(404)
  })
})

describe('an invalid recording', () => {
  test.each([
    ['garbage', 'nonsense', 'This is not a Loupe recording.'],
    ['nothing', '', 'This is not a Loupe recording.'],
    ['another file', '{"log":{"version":"1.2"}}', 'This is not a Loupe recording.'],
    [
      'too large',
      ' '.repeat(8 * 1024 * 1024 + 1),
      'This file is too large: a recording has at most 8 MiB.',
    ],
    [
      'too many answers',
      JSON.stringify({ format: 'loupe-recording', version: 1, answers: Array(2001).fill({}) }),
      'This recording has 2,001 responses. The maximum is 2,000.',
    ],
    [
      'a later version',
      JSON.stringify({ format: 'loupe-recording', version: 2, answers: [] }),
      'This file is from a newer Loupe (version 2). This one reads version 1.',
    ],
  ])('is rejected with a sentence: %s', async (_, text, message) => {
    const { sandbox } = await openSandbox()
    const response = await upload(sandbox, text)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: 'BAD_REQUEST', message })
    expect((await list(sandbox)).recordings).toEqual([])
  })

  test("can't have its own links, headers or IDs served", async () => {
    const { sandbox } = await openSandbox()
    const headers = {
      'set-cookie': 'a=b',
      location: 'https://evil.example',
      'content-type': 'text/html\r\nx: y',
    }
    const body = SAMPLES.processed.reply(RECORDED, 'https://evil.example').body
    const text = JSON.stringify({
      format: 'loupe-recording',
      version: 1,
      answers: [{ ...answer(0, 'processed'), reply: { status: 200, headers, body } }],
    })
    const { id } = (await (await upload(sandbox, text)).json()) as { id: string }
    const response = await ask(sandbox, id)
    expect(Object.fromEntries(response.headers)).toEqual({ 'content-type': 'text/html??x: y' })
    expect(await response.text()).not.toContain('evil.example')
  })
})
