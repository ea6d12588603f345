import { describe, expect, test } from 'vitest'
import { SAMPLES } from '../../core/api/samples.ts'
import { HOUR, SECOND } from '../../core/lib/units.ts'
import { createApi } from '../api.ts'

/* The server in front of an API that is down for a while, with pages that return when announced. */

const START = Date.UTC(2026, 0, 1, 12)
const TWENTY = Array.from({ length: 20 }, (_, n) => `task-${n}`)

const systemError = (code: string, syscall: string) =>
  Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error(), { code, syscall }),
  })

const OUTAGES: Record<string, () => Response> = {
  ECONNREFUSED: () => {
    throw systemError('ECONNREFUSED', 'connect')
  },
  ENOTFOUND: () => {
    throw systemError('ENOTFOUND', 'getaddrinfo')
  },
  EHOSTUNREACH: () => {
    throw systemError('EHOSTUNREACH', 'connect')
  },
  ECONNRESET: () => {
    throw systemError('ECONNRESET', 'read')
  },
  '503': () => new Response('<html>', { status: 503 }),
}
const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH']

/** The API with a controlled clock; each response takes the upstream a millisecond. */
function stage(outage: () => Response, from: number, to: number, hourlyLimit: number | null = 100) {
  let at = START
  const requests: number[] = []
  const gateway = createApi({
    upstream: async () => {
      requests.push(at - START)
      await null
      at++
      if (at >= START + from && at < START + to) return outage()
      const { status, headers, body } = SAMPLES.processed.reply(at, 'https://files.example')
      return new Response(body, { status, headers })
    },
    timeoutMs: 60_000,
    sandbox: false,
    hourlyLimit,
    now: () => at,
  })
  const ask = async (taskId: string, wish = false) => {
    const response = await gateway.request('/get-task-status', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': 'key-1234567890',
        ...(wish ? { 'cache-control': 'no-cache' } : {}),
      },
      body: JSON.stringify({ data: { taskId } }),
    })
    const [next] = /next=(\d+)/.exec(response.headers.get('loupe-answer') ?? '')?.slice(1) ?? []
    const [left] = /r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.slice(1) ?? []
    return {
      status: response.status,
      body: await response.text(),
      next: next === undefined ? null : Number(next),
      left: Number(left),
    }
  }
  return {
    ask,
    requests,
    at: () => at - START,
    setAt: (ms: number) => {
      at = START + ms
    },
  }
}

/** Simulates twenty pages that return as announced, until a time. Returns when each task was known. */
async function watch({ ask, at, setAt }: ReturnType<typeof stage>, until: number) {
  const due = new Map(TWENTY.map((id) => [id, 0]))
  const result = new Map<string, number>()
  for (;;) {
    const soonest = Math.min(...due.values())
    if (soonest > until) return result
    setAt(Math.max(at(), soonest))
    const coming = [...due].filter(([, when]) => when <= at()).map(([id]) => id)
    const answers = await Promise.all(coming.map((id) => ask(id)))
    for (const [index, id] of coming.entries()) {
      const { status, next } = answers[index] ?? { status: 0, next: null }
      if (status === 200) result.set(id, at())
      due.set(id, status === 200 ? Number.POSITIVE_INFINITY : at() + Math.max(1, next ?? 1000))
    }
  }
}

describe.each(Object.keys(OUTAGES))('while the API is down: %s', (name) => {
  const outage = OUTAGES[name] ?? (() => Response.error())

  test('for 2.5 minutes, twenty tasks are known 30 s after, using little of the hourly quota', async () => {
    const to = 150 * SECOND
    const one = stage(outage, 0, to)
    const result = await watch(one, HOUR / 2)
    expect([...result.keys()].sort()).toEqual([...TWENTY].sort())
    expect(Math.max(...result.values())).toBeLessThan(to + 30 * SECOND)
    const { left } = await one.ask('task-0')
    const inVain = one.requests.filter((at) => at < to - 1).length
    expect(inVain).toBeLessThan(60)
    expect(left).toBe(100 - 20 - (UNSENT.includes(name) ? 0 : inVain))
  })

  test('reports the outage to new clients, and when to come back', async () => {
    const one = stage(outage, 0, HOUR)
    for (const id of ['a', 'b']) await one.ask(id)
    one.setAt(10 * SECOND)
    await one.ask('c')
    const requests = one.requests.length
    const { status, next, body } = await one.ask('d')
    expect([one.requests.length, status]).toEqual([requests, name === '503' ? 503 : 502])
    expect(next).toBeGreaterThan(1000)
    expect(next).toBeLessThanOrEqual(20 * SECOND)
    expect(body.includes('"sent":false')).toBe(UNSENT.includes(name))
    // A person who forces a check does not wait.
    await one.ask('d', true)
    expect(one.requests.length).toBe(requests + 1)
  })

  test('reports whether a request was sent, if each is passed on', async () => {
    const { ask } = stage(outage, 0, HOUR, null)
    const { status, body } = await ask('a')
    expect(status).toBe(name === '503' ? 503 : 502)
    expect(body.includes('"sent":false')).toBe(UNSENT.includes(name))
  })
})
