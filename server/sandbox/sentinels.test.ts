import { describe, expect, test, vi } from 'vitest'
import { SAMPLE_NAMES, SAMPLES } from '../../src/upscayl/samples.ts'
import { createSentinels, SENTINEL_LIST, SLOW_MS } from './sentinels.ts'
import { heldAnswer, NOW, ORIGIN, type StatusData } from './testing.ts'

const never = new AbortController().signal

const QUESTION = { method: 'POST', path: '/get-task-status' }

/** Its answers are held to the contract. */
function asker() {
  const sentinel = createSentinels()
  return async (id: string, signal = never) => {
    const response = await sentinel(`sentinel-${id}`, { now: NOW, origin: ORIGIN, signal })
    if (response === null) throw new Error(`no sentinel ${id}`)
    return heldAnswer(response, QUESTION, `sentinel-${id}`)
  }
}

const dataOf = async (response: Response) => ((await response.json()) as { data: StatusData }).data

describe('sentinels', () => {
  test('every one is listed with a line on what it says', () => {
    expect(SENTINEL_LIST).toHaveLength(SAMPLE_NAMES.length + 7)
    expect(new Set(SENTINEL_LIST.map(({ id }) => id)).size).toBe(SENTINEL_LIST.length)
    expect(SENTINEL_LIST.every(({ says }) => says.length > 0)).toBe(true)
  })

  test.each(SAMPLE_NAMES)('%s answers its sample to the letter', async (name) => {
    const response = await asker()(name)
    const sample = SAMPLES[name].reply(NOW, ORIGIN)
    expect([response.status, await response.text()]).toEqual([sample.status, sample.body])
    expect(Object.fromEntries(response.headers)).toEqual(sample.headers)
  })

  test('all the others answer, too', async () => {
    const hurried = AbortSignal.abort()
    const dynamic = SENTINEL_LIST.slice(SAMPLE_NAMES.length)
    const statuses = await Promise.all(
      dynamic.map(({ id }) => asker()(id.replace('sentinel-', ''), hurried)),
    )
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 200, 200])
  })

  test('slow answers after twenty seconds', async () => {
    vi.useFakeTimers()
    try {
      const answered = vi.fn()
      const answer = asker()('slow').then(answered)
      await vi.advanceTimersByTimeAsync(SLOW_MS - 1)
      expect(answered).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      await answer
      expect(answered).toHaveBeenCalledOnce()
    } finally {
      vi.useRealTimers()
    }
  })

  test('stuck never moves', async () => {
    const send = asker()
    for (let n = 0; n < 3; n++) {
      expect(await dataOf(await send('stuck'))).toMatchObject({
        status: 'ENHANCING',
        progress: '42',
      })
    }
  })

  test('credits-late confirms at the third look; a copy has a history of its own', async () => {
    const send = asker()
    const looks: unknown[] = []
    for (let n = 0; n < 4; n++)
      looks.push((await dataOf(await send('credits-late'))).creditsDeducted)
    expect(looks).toEqual([false, false, true, true])
    expect(await dataOf(await send('credits-late~2'))).toMatchObject({ creditsDeducted: false })
  })

  test('cut-connection breaks off in the middle', async () => {
    const response = await asker()('cut-connection')
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  })

  test('429-then-fine is fine after the first', async () => {
    const send = asker()
    const first = await send('429-then-fine')
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '5'])
    expect((await send('429-then-fine')).status).toBe(200)
  })

  test('429-midway is limited at the third look, and done after it', async () => {
    const send = asker()
    const looks: number[] = []
    for (let n = 0; n < 4; n++) looks.push((await send('429-midway')).status)
    expect(looks).toEqual([200, 200, 429, 200])
  })

  test('flaky fails every other time and gets there all the same', async () => {
    const send = asker()
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
