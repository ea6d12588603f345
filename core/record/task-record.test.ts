import { describe, expect, it } from 'vitest'
import type { ApiError } from '../api/errors.ts'
import type { ApiResponse } from '../api/parse-response.ts'
import type { Task } from '../api/task.ts'
import { parseTask } from '../api/wire.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { fullQuota } from '../quota/quota.ts'
import { plan } from '../schedule/schedule.ts'
import { recordResponse } from './record-response.ts'
import {
  EMPTY_RECORD,
  isDoubted,
  isRefused,
  isSettled,
  MAX_OBSERVATIONS,
  shiftTimestamps,
  type TaskRecord,
  watchedTask,
  withStart,
} from './task-record.ts'

const T0 = Date.UTC(2026, 0, 1, 12)

const came = (result: Result<Task, ApiError>): ApiResponse => ({
  result,
  serverCache: null,
  rateLimit: null,
  notBefore: null,
  balance: null,
  unsent: false,
  serverTime: null,
  raw: { status: 200, headers: {}, body: '' },
})
function seen(data: Record<string, unknown>): ApiResponse {
  const read = parseTask({ status: 'success', data })
  if (!read.ok) throw new Error('refused')
  return came(ok(read.value))
}
const FAULT = { status: 500, message: null, until: null }
const failed = (error: ApiError) => came(err(error))
const running = (progress = '10', status = 'ENHANCING') => seen({ status, progress })
const processed = (credits: Record<string, unknown>) => seen({ status: 'PROCESSED', ...credits })

/** One response each ten seconds, 150 ms after its request. */
const followingFrom = (begin: TaskRecord, ...responses: ApiResponse[]): TaskRecord =>
  responses.reduce(
    (record, answer, n) => recordResponse(record, answer, T0 + n * 10_000, T0 + n * 10_000 + 150),
    begin,
  )
const following = (...responses: ApiResponse[]): TaskRecord =>
  followingFrom(EMPTY_RECORD, ...responses)

/** Started five seconds before its first request. */
const started = (quotedCredits: number | null): TaskRecord =>
  withStart(EMPTY_RECORD, { startedAt: T0 - 5000, quotedCredits })

const LINK = 'https://files.example/a.png'

const planOf = (record: TaskRecord, now = T0 + 100_000) =>
  plan({ now, visible: true, tasks: [watched(record)], quota: fullQuota() }).get('a')

const watched = (record: TaskRecord) => watchedTask('a', record, false)

describe('a record', () => {
  it('keeps the last state while requests fail', () => {
    const record = following(
      running('64'),
      failed({ kind: 'network' }),
      failed({ kind: 'timeout' }),
    )
    expect(record.task?.progress).toBe(64)
    expect(record).toMatchObject({
      requestCount: 3,
      failures: 2,
      seenAt: T0 + 150,
      seenRequestedAt: T0,
    })
    expect(watched(record).failure).toEqual({ at: T0 + 20_150, inARow: 2, ambiguous: false })
    expect(following(running(), failed({ kind: 'network' }), running()).failures).toBe(0)
  })

  it.each([
    ['10', 'timeout', false],
    ['95', 'timeout', true],
    ['', 'network', true],
    ['95', 'upstream', false],
  ] as const)(
    'at %j a lost response (%s) may have deducted credits: %s',
    (progress, kind, ambiguous) => {
      const error = kind === 'upstream' ? { kind, ...FAULT } : { kind }
      expect(watched(following(running(progress), failed(error))).failure?.ambiguous).toBe(
        ambiguous,
      )
    },
  )

  it('is retried at the server’s retry time, and no sooner', () => {
    const until = T0 + 90_000
    const record = following(running(), failed({ kind: 'upstream', ...FAULT, until }))
    expect(watched(record).failure).toMatchObject({ inARow: 1, until })
    const silent = following(running(), failed({ kind: 'upstream', ...FAULT }))
    expect(watched(silent).failure).not.toHaveProperty('until')
  })

  it('does not count a 429 as a failure of the task', () => {
    const record = following(running(), failed({ kind: 'limited', until: null, message: null }))
    expect(record.failures).toBe(0)
    expect(record.failure?.error.kind).toBe('limited')
    expect(watched(record).failure).toBeNull()
  })

  it('does not count an unsent request as a failure, nor as a check after the end', () => {
    const unsent: ApiResponse = { ...failed({ kind: 'network' }), unsent: true }
    const unconfirmed = processed({ creditsDeducted: false })
    const record = following(running('95'), unsent, unsent)
    expect(record).toMatchObject({ failures: 0, failure: { error: { kind: 'network' } } })
    expect(watched(record).failure).toBeNull()
    expect(following(running(), failed({ kind: 'timeout' }), unsent).failures).toBe(1)
    const ended = following(unconfirmed, unsent, unsent, unsent, unsent)
    expect(ended.confirmationChecks).toBe(0)
    const limited = failed({ kind: 'limited', until: null, message: null })
    expect(following(unconfirmed, limited, limited).confirmationChecks).toBe(0)
    expect(following(unconfirmed, failed({ kind: 'timeout' })).confirmationChecks).toBe(1)
  })

  it.each([
    [{ kind: 'key' }, true],
    [{ kind: 'missing', message: null }, true],
    [{ kind: 'network' }, false],
  ] as const)('after %j is rejected: %s', (error, refused) => {
    expect(isRefused(following(failed(error)))).toBe(refused)
  })

  const REFUSALS: readonly ApiError[] = [
    { kind: 'key' },
    { kind: 'missing', message: null },
    { kind: 'credits', message: null },
    { kind: 'rejected', status: 403, message: null },
    { kind: 'rejected', status: 400, message: 'taskId is not valid' },
  ]

  it.each(REFUSALS)('after a success doubts %j, and accepts it the fourth time', (error) => {
    const responses = [running('64'), ...Array.from({ length: 4 }, () => failed(error))]
    const upTo = (n: number) => following(...responses.slice(0, n))
    for (const n of [2, 3, 4]) {
      expect([isDoubted(upTo(n)), isRefused(upTo(n))]).toEqual([true, false])
      expect(upTo(n).task?.progress).toBe(64)
      const next = planOf(upTo(n))
      expect(next).toMatchObject({ kind: 'ask', why: 'backoff' })
    }
    expect([isDoubted(upTo(5)), isRefused(upTo(5))]).toEqual([false, true])
    expect(upTo(5).task?.progress).toBe(64)
  })

  it('restarts its doubt after each success, and keeps it through other errors', () => {
    const stray = failed({ kind: 'missing', message: null })
    const often = following(running(), stray, stray, stray, running(), stray)
    expect(isDoubted(often)).toBe(true)
    const between = following(running(), stray, failed({ kind: 'network' }), stray, stray, stray)
    expect(isRefused(between)).toBe(true)
  })

  it('accepts a rejection of a settled task at once, since the user requested it', () => {
    const record = following(
      processed({ creditsDeducted: true, files: [{ downloadLink: LINK }] }),
      failed({ kind: 'missing', message: null }),
    )
    expect([isSettled(record), isRefused(record)]).toEqual([true, true])
  })

  it('distinguishes waiting from working, whatever the status', () => {
    const record = following(
      running('0', 'PROCESSING'),
      running('5', 'PROCESSING'),
      running('', 'ENHANCING'),
      running('9', 'DEFRAGMENTING'),
    )
    expect(record.observations.map(({ phase, progress }) => [phase, progress])).toEqual([
      ['idle', 0],
      ['active', 5],
      ['active', null],
      ['unknown', 9],
    ])
  })

  it('keeps the first observation and the newest, up to the maximum', () => {
    const record = following(...Array.from({ length: 300 }, (_, n) => running(String(n % 90))))
    expect(record.observations).toHaveLength(MAX_OBSERVATIONS)
    expect(record.observations[0]?.at).toBe(T0 + 150)
    expect(record.observations.at(-1)?.at).toBe(T0 + 299 * 10_000 + 150)
  })

  it('reports when progress went back, until it has recovered', () => {
    const steps = ['10', '64', '30', '40', '70']
    const back = steps.map(
      (_, n) => following(...steps.slice(0, n + 1).map((p) => running(p))).peakProgress,
    )
    expect(back).toEqual([null, null, 64, 64, null])
  })

  it('counts the requests after the end, and settles once credits are deducted', () => {
    const open = { creditsDeducted: false, deductedCredits: 10 }
    expect(watched(following(running(), processed(open))).ended).toMatchObject({
      checks: 0,
      settled: false,
    })
    expect(watched(following(processed(open), processed(open))).ended).toMatchObject({ checks: 1 })
    const lost = following(processed(open), failed({ kind: 'timeout' }))
    expect(watched(lost).ended).toMatchObject({ checks: 1, at: T0 + 10_150 })
    const files = [{ downloadLink: LINK }]
    expect(watched(following(processed({ creditsDeducted: true, files }))).ended?.settled).toBe(
      true,
    )
  })

  it.each([
    ['no list', undefined],
    ['null', null],
    ['an empty list', []],
    ['a file without a link', [{ fileName: 'a.png' }]],
    ['a link that leads nowhere', [{ fileName: 'a.png', downloadLink: 'ftp://files.example/a' }]],
    ['one of two', [{ path: 'a', downloadLink: LINK }, { path: 'b' }]],
  ])('is not settled with %s for its files, and requests them three more times', (_, files) => {
    const paid = processed({ creditsDeducted: true, deductedCredits: 10, files })
    const waits = [5000, 20_000, 60_000]
    for (const [n, wait] of waits.entries()) {
      const record = following(...Array.from({ length: n + 1 }, () => paid))
      expect([record.filesPending, isSettled(record)]).toEqual([true, false])
      const at = T0 + n * 10_000 + 150
      expect(planOf(record, at)).toEqual({ kind: 'ask', why: 'confirming', at: at + wait })
    }
    expect(planOf(following(paid, paid, paid, paid))).toEqual({ kind: 'never', why: 'unconfirmed' })
    const there = processed({ creditsDeducted: true, files: [{ path: 'a', downloadLink: LINK }] })
    expect(isSettled(following(paid, there))).toBe(true)
  })

  it.each([
    ['2099', Date.UTC(2099, 0, 1), 0],
    ['1970', 0, 0],
    ['a year ago', T0 - 365 * 86_400_000, 0],
    ['5 h ahead', T0 + 5 * 3_600_000 + 150, 5 * 3_600_000],
    ['a day behind', T0 - 86_400_000 + 150, -86_400_000],
  ])('accepts a clock of %s only if plausible', (_, serverTime, skew) => {
    expect(following({ ...running(), serverTime }).clockSkew).toBe(skew)
    // The previous value stays.
    const before = { ...EMPTY_RECORD, clockSkew: 7000 }
    expect(followingFrom(before, { ...running(), serverTime }).clockSkew).toBe(skew || 7000)
  })

  it('records whether the end was seen while watching', () => {
    expect(following(running(), processed({})).endSeenAt).toBe(T0 + 10_150)
    expect(following(processed({})).endSeenAt).toBeNull()
  })
})

describe('a receipt', () => {
  const deducted = (deductedCredits: number) =>
    processed({ creditsDeducted: true, deductedCredits })

  it('has the number of the request that first showed the deduction', () => {
    const record = following(running(), running(), deducted(10), deducted(10))
    expect(record.deduction).toEqual({ requestNumber: 3, at: T0 + 20_150, anomalies: [] })
  })

  it('flags contradictions', () => {
    const back = processed({ creditsDeducted: false, deductedCredits: 10 })
    expect(following(deducted(10), deducted(20)).deduction.anomalies).toEqual(['amount-changed'])
    expect(following(deducted(10), back, back).deduction.anomalies).toEqual(['flag-went-back'])
    const charged = seen({ status: 'FAILED', creditsDeducted: true, deductedCredits: 10 })
    expect(following(running(), charged).deduction.anomalies).toEqual(['charged-though-failed'])
  })
})

describe('a task that was started here', () => {
  const deducted = (deductedCredits: number | null, status = 'PROCESSED') =>
    seen({ status, creditsDeducted: true, deductedCredits })
  const anomaliesAfter = (quotedCredits: number | null, ...responses: ApiResponse[]) =>
    followingFrom(started(quotedCredits), ...responses).deduction.anomalies

  it('keeps its start through every response, and passes it to the scheduler', () => {
    const record = followingFrom(started(10), running(), failed({ kind: 'network' }), running())
    expect(record).toMatchObject({ startedAt: T0 - 5000, quotedCredits: 10, requestCount: 3 })
    expect(watched(record).startedAt).toBe(T0 - 5000)
    expect(watched(following(running())).startedAt).toBeNull()
  })

  it('counts as seen to end even if the first response shows the end', () => {
    expect(followingFrom(started(10), processed({}), processed({})).endSeenAt).toBe(T0 + 150)
  })

  it.each([
    [10, [deducted(10)], []],
    [10, [deducted(20)], ['other-than-announced']],
    [0, [deducted(10)], ['other-than-announced']],
    [null, [deducted(20)], []],
    [10, [running(), deducted(null)], []],
    [10, [deducted(null), deducted(20)], ['other-than-announced']],
    [10, [deducted(10), deducted(20)], ['amount-changed']],
    [10, [deducted(20), deducted(10)], ['other-than-announced', 'amount-changed']],
    [10, [deducted(20, 'FAILED')], ['charged-though-failed', 'other-than-announced']],
    [10, [processed({ creditsDeducted: false, deductedCredits: 20 })], []],
  ] as const)(
    'with %s announced has after %j the anomalies %j',
    (quotedCredits, responses, anomalies) => {
      expect(anomaliesAfter(quotedCredits, ...responses)).toEqual(anomalies)
    },
  )

  it.each([
    [60, 40, []],
    [60, 60, ['other-than-announced']],
    [90, 40, ['other-than-announced']],
  ])(
    'and of which two of six images failed, with %s announced and %s deducted has %j',
    (quoted, amount, anomalies) => {
      const files = ['a', 'b', 'c', 'd', 'e', 'f'].map((path, n) =>
        n < 2 ? { path } : { path, downloadLink: LINK },
      )
      const paid = { creditsDeducted: true, deductedCredits: amount, files, error: 'Two failed.' }
      const record = followingFrom(started(quoted), processed(paid))
      expect(record.deduction.anomalies).toEqual(anomalies)
      // The failed ones will never have a link.
      expect(isSettled(record)).toBe(true)
    },
  )

  it('does not count as missing in its first minutes', () => {
    const missing = failed({ kind: 'missing', message: null })
    const requested = (times: number) =>
      followingFrom(started(10), ...Array.from({ length: times }, () => missing))
    // One each ten seconds.
    for (const times of [1, 4, 20, 29]) {
      expect([
        isRefused(requested(times)),
        planOf(requested(times), T0 + times * 10_000)?.kind,
      ]).toEqual([false, 'ask'])
    }
    expect(isRefused(requested(31))).toBe(true)
    const key = failed({ kind: 'key' })
    expect(isRefused(followingFrom(started(10), key, key, key))).toBe(false)
    expect(isRefused(followingFrom(started(10), key, key, key, key))).toBe(true)
  })

  it('keeps its first start', () => {
    const other = withStart(started(10), { startedAt: T0, quotedCredits: 20 })
    expect(other).toEqual(started(10))
    expect(withStart(EMPTY_RECORD, EMPTY_RECORD)).toBe(EMPTY_RECORD)
  })

  it('has its start shifted with the other times', () => {
    expect(shiftTimestamps(started(10), 1000).startedAt).toBe(T0 - 4000)
    expect(shiftTimestamps(EMPTY_RECORD, 1000).startedAt).toBeNull()
  })
})
