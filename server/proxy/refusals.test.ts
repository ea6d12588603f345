import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import { http, rawUpstream } from '../../test/raw-tcp-server.ts'
import { openStage, type Stage } from '../sharing/testing.ts'
import { remoteUpstream } from './upstream.ts'

const REFUSAL = '{"error":"RATE_LIMIT_EXCEEDED","message":"Too many requests."}'
const TASK = '{"status":"success","data":{"status":"ENHANCING","progress":"10","files":[]}}'

interface Shown {
  readonly record: {
    readonly task: { readonly progress: number } | null
    readonly failure: { readonly error: { readonly kind: string } } | null
  }
  readonly nextInMs: number
}

/** For two concurrent viewers, who get the same responses. */
async function viewed(stage: Stage, token: string): Promise<Shown> {
  const [one, other] = await Promise.all(
    [stage.view(token), stage.view(token)].map(async (response) => (await response).json()),
  )
  expect(one.record).toEqual(other.record)
  return one
}

test.each([
  // A given wait applies; without one, occasional requests find out.
  ['with a Retry-After', ['Retry-After: 3600'], 1],
  ['without a hint', [], 12],
])('an hour of 429 %s is reported, waited out, and over when it is', async (_, headers, most) => {
  const upstream = await rawUpstream((socket) =>
    socket.write(http(REFUSAL, headers, '429 Too Many Requests')),
  )
  const stage = await openStage(remoteUpstream(upstream.url))
  const { token } = await stage.share()
  for (let minutes = 0; minutes < 60; minutes++) {
    const { record, nextInMs } = await viewed(stage, token)
    expect([record.task, record.failure?.error.kind]).toEqual([null, 'limited'])
    expect(nextInMs).toBeGreaterThan(0)
    stage.pass(MINUTE)
  }
  expect(upstream.requests.length).toBeGreaterThan(0)
  expect(upstream.requests.length).toBeLessThanOrEqual(most)

  upstream.answerBy((socket) => socket.write(http(TASK)))
  stage.pass(HOUR)
  const { record } = await viewed(stage, token)
  expect([record.task?.progress, record.failure]).toEqual([10, null])
})
