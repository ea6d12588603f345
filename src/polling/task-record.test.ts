import { describe, expect, it } from 'vitest'
import { err, ok, type Result } from '../lib/result.ts'
import type { ApiError } from '../upscayl/errors.ts'
import type { Answer } from '../upscayl/read-answer.ts'
import type { Task } from '../upscayl/task.ts'
import { readTask } from '../upscayl/wire.ts'
import { fullAllowance } from './budget.ts'
import { plan } from './policy.ts'
import { shifted } from './shifted.ts'
import {
  isDoubted,
  isRefused,
  isSettled,
  MOST_OBSERVATIONS,
  recordAnswer,
  type TaskRecord,
  UNASKED,
  watchedTask,
  withStart,
} from './task-record.ts'

const T0 = Date.UTC(2026, 0, 1, 12)

const came = (result: Result<Task, ApiError>): Answer => ({
  result,
  given: null,
  rateLimit: null,
  notBefore: null,
  unsent: false,
  serverTime: null,
  reply: { status: 200, headers: {}, body: '' },
})
function seen(data: Record<string, unknown>): Answer {
  const read = readTask({ status: 'success', data })
  if (!read.ok) throw new Error('refused')
  return came(ok(read.value))
}
const FAULT = { status: 500, message: null, until: null }
const failed = (error: ApiError) => came(err(error))
const running = (progress = '10', status = 'ENHANCING') => seen({ status, progress })
const processed = (credits: Record<string, unknown>) => seen({ status: 'PROCESSED', ...credits })

/** One answer each ten seconds, 150 ms after its question. */
const followingFrom = (begin: TaskRecord, ...answers: Answer[]): TaskRecord =>
  answers.reduce(
    (record, answer, n) => recordAnswer(record, answer, T0 + n * 10_000, T0 + n * 10_000 + 150),
    begin,
  )
const following = (...answers: Answer[]): TaskRecord => followingFrom(UNASKED, ...answers)

/** Started five seconds before its first question. */
const started = (announced: number | null): TaskRecord =>
  withStart(UNASKED, { startedAt: T0 - 5000, announced })

const LINK = 'https://files.example/a.png'

const planOf = (record: TaskRecord, now = T0 + 100_000) =>
  plan({ now, visible: true, tasks: [watched(record)], allowance: fullAllowance() }).get('a')

const watched = (record: TaskRecord) => watchedTask('a', record, false)

describe('a record', () => {
  it('keeps what was seen while questions fail', () => {
    const record = following(
      running('64'),
      failed({ kind: 'network' }),
      failed({ kind: 'timeout' }),
    )
    expect(record.task?.progress).toBe(64)
    expect(record).toMatchObject({ questions: 3, failures: 2, seenAt: T0 + 150, seenAskedAt: T0 })
    expect(watched(record).failure).toEqual({ at: T0 + 20_150, inARow: 2, ambiguous: false })
    expect(following(running(), failed({ kind: 'network' }), running()).failures).toBe(0)
  })

  it.each([
    ['10', 'timeout', false],
    ['95', 'timeout', true],
    ['', 'network', true],
    ['95', 'upstream', false],
  ] as const)(
    'at %j a lost answer (%s) may have deducted something: %s',
    (progress, kind, ambiguous) => {
      const error = kind === 'upstream' ? { kind, ...FAULT } : { kind }
      expect(watched(following(running(progress), failed(error))).failure?.ambiguous).toBe(
        ambiguous,
      )
    },
  )

  it('is tried again when its own server said so, and no sooner', () => {
    const until = T0 + 90_000
    const record = following(running(), failed({ kind: 'upstream', ...FAULT, until }))
    expect(watched(record).failure).toMatchObject({ inARow: 1, until })
    const silent = following(running(), failed({ kind: 'upstream', ...FAULT }))
    expect(watched(silent).failure).not.toHaveProperty('until')
  })

  it('takes a 429 as no failure of the task', () => {
    const record = following(running(), failed({ kind: 'limited', until: null, message: null }))
    expect(record.failures).toBe(0)
    expect(record.failure?.error.kind).toBe('limited')
    expect(watched(record).failure).toBeNull()
  })

  it('takes what reached nobody as no failure of the task, and as no check after its end', () => {
    const unsent: Answer = { ...failed({ kind: 'network' }), unsent: true }
    const unconfirmed = processed({ creditsDeducted: false })
    const record = following(running('95'), unsent, unsent)
    expect(record).toMatchObject({ failures: 0, failure: { error: { kind: 'network' } } })
    expect(watched(record).failure).toBeNull()
    expect(following(running(), failed({ kind: 'timeout' }), unsent).failures).toBe(1)
    const ended = following(unconfirmed, unsent, unsent, unsent, unsent)
    expect(ended.checks).toBe(0)
    const limited = failed({ kind: 'limited', until: null, message: null })
    expect(following(unconfirmed, limited, limited).checks).toBe(0)
    expect(following(unconfirmed, failed({ kind: 'timeout' })).checks).toBe(1)
  })

  it.each([
    [{ kind: 'key' }, true],
    [{ kind: 'missing', message: null }, true],
    [{ kind: 'network' }, false],
  ] as const)('after %j is refused: %s', (error, refused) => {
    expect(isRefused(following(failed(error)))).toBe(refused)
  })

  const REFUSALS: readonly ApiError[] = [
    { kind: 'key' },
    { kind: 'missing', message: null },
    { kind: 'credits', message: null },
    { kind: 'rejected', status: 403, message: null },
    { kind: 'rejected', status: 400, message: 'taskId is not valid' },
  ]

  it.each(REFUSALS)('amid good answers doubts %j, and believes it the fourth time', (error) => {
    const answers = [running('64'), ...Array.from({ length: 4 }, () => failed(error))]
    const upTo = (n: number) => following(...answers.slice(0, n))
    for (const n of [2, 3, 4]) {
      expect([isDoubted(upTo(n)), isRefused(upTo(n))]).toEqual([true, false])
      expect(upTo(n).task?.progress).toBe(64)
      const next = planOf(upTo(n))
      expect(next).toMatchObject({ kind: 'ask', why: 'backoff' })
    }
    expect([isDoubted(upTo(5)), isRefused(upTo(5))]).toEqual([false, true])
    expect(upTo(5).task?.progress).toBe(64)
  })

  it('begins to doubt anew after each good answer, and through other faults', () => {
    const stray = failed({ kind: 'missing', message: null })
    const often = following(running(), stray, stray, stray, running(), stray)
    expect(isDoubted(often)).toBe(true)
    const between = following(running(), stray, failed({ kind: 'network' }), stray, stray, stray)
    expect(isRefused(between)).toBe(true)
  })

  it('believes at once what is refused of a settled task: it was asked by a wish', () => {
    const record = following(
      processed({ creditsDeducted: true, files: [{ downloadLink: LINK }] }),
      failed({ kind: 'missing', message: null }),
    )
    expect([isSettled(record), isRefused(record)]).toEqual([true, true])
  })

  it('tells waiting from working, whatever the word', () => {
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

  it('keeps the first observation and the newest, and no more than it may', () => {
    const record = following(...Array.from({ length: 300 }, (_, n) => running(String(n % 90))))
    expect(record.observations).toHaveLength(MOST_OBSERVATIONS)
    expect(record.observations[0]?.at).toBe(T0 + 150)
    expect(record.observations.at(-1)?.at).toBe(T0 + 299 * 10_000 + 150)
  })

  it('says when progress went back, until it is where it was', () => {
    const steps = ['10', '64', '30', '40', '70']
    const back = steps.map(
      (_, n) => following(...steps.slice(0, n + 1).map((p) => running(p))).wentBackFrom,
    )
    expect(back).toEqual([null, null, 64, 64, null])
  })

  it('counts the questions after the end, and settles by the credits', () => {
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
  ])('is not settled by %s for its files, which three questions more are to bring', (_, files) => {
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
  ])('takes a clock of %s for one only within reason', (_, serverTime, skew) => {
    expect(following({ ...running(), serverTime }).clockSkew).toBe(skew)
    // What was known of it stays.
    const before = { ...UNASKED, clockSkew: 7000 }
    expect(followingFrom(before, { ...running(), serverTime }).clockSkew).toBe(skew || 7000)
  })

  it('tells whether the end was seen while watching', () => {
    expect(following(running(), processed({})).endSeenAt).toBe(T0 + 10_150)
    expect(following(processed({})).endSeenAt).toBeNull()
  })
})

describe('a receipt', () => {
  const deducted = (deductedCredits: number) =>
    processed({ creditsDeducted: true, deductedCredits })

  it('says at which question the deduction was first seen', () => {
    const record = following(running(), running(), deducted(10), deducted(10))
    expect(record.receipt).toEqual({ question: 3, at: T0 + 20_150, odd: [] })
  })

  it('flags what does not fit together', () => {
    const back = processed({ creditsDeducted: false, deductedCredits: 10 })
    expect(following(deducted(10), deducted(20)).receipt.odd).toEqual(['amount-changed'])
    expect(following(deducted(10), back, back).receipt.odd).toEqual(['flag-went-back'])
    const charged = seen({ status: 'FAILED', creditsDeducted: true, deductedCredits: 10 })
    expect(following(running(), charged).receipt.odd).toEqual(['charged-though-failed'])
  })
})

describe('a task that was started here', () => {
  const deducted = (deductedCredits: number | null, status = 'PROCESSED') =>
    seen({ status, creditsDeducted: true, deductedCredits })
  const oddOf = (announced: number | null, ...answers: Answer[]) =>
    followingFrom(started(announced), ...answers).receipt.odd

  it('keeps when it was started through every answer, and tells the policy', () => {
    const record = followingFrom(started(10), running(), failed({ kind: 'network' }), running())
    expect(record).toMatchObject({ startedAt: T0 - 5000, announced: 10, questions: 3 })
    expect(watched(record).startedAt).toBe(T0 - 5000)
    expect(watched(following(running())).startedAt).toBeNull()
  })

  it('was seen to end also where the first answer shows the end', () => {
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
  ] as const)('of which %s was announced, after %j is at odds: %j', (announced, answers, odd) => {
    expect(oddOf(announced, ...answers)).toEqual(odd)
  })

  it('is not unknown for its first minutes', () => {
    const missing = failed({ kind: 'missing', message: null })
    const asked = (times: number) =>
      followingFrom(started(10), ...Array.from({ length: times }, () => missing))
    // One each ten seconds.
    for (const times of [1, 4, 20, 29]) {
      expect([isRefused(asked(times)), planOf(asked(times), T0 + times * 10_000)?.kind]).toEqual([
        false,
        'ask',
      ])
    }
    expect(isRefused(asked(31))).toBe(true)
    const key = failed({ kind: 'key' })
    expect(isRefused(followingFrom(started(10), key, key, key))).toBe(false)
    expect(isRefused(followingFrom(started(10), key, key, key, key))).toBe(true)
  })

  it('is told of once', () => {
    const other = withStart(started(10), { startedAt: T0, announced: 20 })
    expect(other).toEqual(started(10))
    expect(withStart(UNASKED, UNASKED)).toBe(UNASKED)
  })

  it('has its start by the clock that it is told by', () => {
    expect(shifted(started(10), 1000).startedAt).toBe(T0 - 4000)
    expect(shifted(UNASKED, 1000).startedAt).toBeNull()
  })
})
