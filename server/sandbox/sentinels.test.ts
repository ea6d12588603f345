import { describe, expect, test, vi } from 'vitest'
import { SAMPLE_NAMES, SAMPLES } from '../../core/api/samples.ts'
import { HOUR, MINUTE, SECOND } from '../../core/lib/units.ts'
import { createSentinels, SENTINEL_LIST, SLOW_MS } from './sentinels.ts'
import { heldAnswer, NOW, ORIGIN, type StatusData } from './testing.ts'

const never = new AbortController().signal

const QUESTION = { method: 'POST', path: '/get-task-status' }

/** Its responses are checked against the contract. */
function poller() {
  const sentinel = createSentinels()
  return async (id: string, signal = never) => {
    const response = await sentinel(`sentinel-${id}`, { now: NOW, origin: ORIGIN, signal })
    if (response === null) throw new Error(`no sentinel ${id}`)
    return heldAnswer(response, QUESTION, `sentinel-${id}`)
  }
}

const dataOf = async (response: Response) => ((await response.json()) as { data: StatusData }).data

describe('sentinels', () => {
  test('each is listed with a one-line description', () => {
    expect(SENTINEL_LIST).toHaveLength(SAMPLE_NAMES.length + 7)
    expect(new Set(SENTINEL_LIST.map(({ id }) => id)).size).toBe(SENTINEL_LIST.length)
    expect(SENTINEL_LIST.every(({ says }) => says.length > 0)).toBe(true)
  })

  test('say how long their 429 blocks the key', () => {
    const blocking = SENTINEL_LIST.flatMap(({ id, blocksMs }) =>
      blocksMs === null ? [] : [[id, blocksMs]],
    )
    expect(blocking).toEqual([
      ['sentinel-error-429', 90 * SECOND],
      ['sentinel-error-429-sentence', HOUR],
      ['sentinel-429-then-fine', 5 * SECOND],
      ['sentinel-429-midway', MINUTE],
    ])
  })

  test.each(SAMPLE_NAMES)('%s returns its sample verbatim', async (name) => {
    const response = await poller()(name)
    const sample = SAMPLES[name].reply(NOW, ORIGIN)
    expect([response.status, await response.text()]).toEqual([sample.status, sample.body])
    expect(Object.fromEntries(response.headers)).toEqual(sample.headers)
  })

  test('all the others respond, too', async () => {
    const hurried = AbortSignal.abort()
    const dynamic = SENTINEL_LIST.slice(SAMPLE_NAMES.length)
    const statuses = await Promise.all(
      dynamic.map(({ id }) => poller()(id.replace('sentinel-', ''), hurried)),
    )
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 200, 200])
  })

  test('slow responds after twenty seconds', async () => {
    vi.useFakeTimers()
    try {
      const answered = vi.fn()
      const response = poller()('slow').then(answered)
      await vi.advanceTimersByTimeAsync(SLOW_MS - 1)
      expect(answered).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      await response
      expect(answered).toHaveBeenCalledOnce()
    } finally {
      vi.useRealTimers()
    }
  })

  test('stuck never progresses', async () => {
    const send = poller()
    for (let n = 0; n < 3; n++) {
      expect(await dataOf(await send('stuck'))).toMatchObject({
        status: 'ENHANCING',
        progress: '42',
      })
    }
  })

  test('credits-late confirms on the third check; a copy has a separate history', async () => {
    const send = poller()
    const looks: unknown[] = []
    for (let n = 0; n < 4; n++)
      looks.push((await dataOf(await send('credits-late'))).creditsDeducted)
    expect(looks).toEqual([false, false, true, true])
    expect(await dataOf(await send('credits-late~2'))).toMatchObject({ creditsDeducted: false })
  })

  test('cut-connection breaks off in the middle', async () => {
    const response = await poller()('cut-connection')
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  })

  test('429-then-fine is fine after the first', async () => {
    const send = poller()
    const first = await send('429-then-fine')
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '5'])
    expect((await send('429-then-fine')).status).toBe(200)
  })

  test('429-midway is limited on the third check, and done after it', async () => {
    const send = poller()
    const looks: number[] = []
    for (let n = 0; n < 4; n++) looks.push((await send('429-midway')).status)
    expect(looks).toEqual([200, 200, 429, 200])
  })

  test('flaky fails every other time and still finishes', async () => {
    const send = poller()
    const seen: unknown[] = []
    for (let n = 0; n < 11; n++) {
      const response = await send('flaky')
      const { status, progress } = response.ok
        ? await dataOf(response)
        : { status: response.status, progress: '' }
      seen.push(`${status} ${progress}`.trim())
    }
    expect(seen.filter((_, n) => n % 2 === 1)).toEqual(Array(5).fill('500'))
    expect(seen.filter((_, n) => n % 2 === 0)).toEqual([
      'ENHANCING 10',
      'ENHANCING 30',
      'ENHANCING 50',
      'ENHANCING 70',
      'ENHANCING 90',
      'PROCESSED 100',
    ])
  })
})
