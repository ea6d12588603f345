import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { err, ok } from '../lib/result.ts'
import type { Answer } from '../upscayl/client.ts'
import type { ApiError } from '../upscayl/errors.ts'
import type { Task } from '../upscayl/task.ts'
import { readTask } from '../upscayl/wire.ts'
import { nextQuestion } from './policy.ts'
import { recordAnswer, type TaskRecord } from './task-record.ts'

const T0 = Date.UTC(2026, 0, 1, 12)

const answer = (result: Answer['result'], notBefore: number | null = null): Answer => ({
  result,
  rateLimit: null,
  notBefore,
  serverTime: null,
})

function task(data: Record<string, unknown>): Task {
  const read = readTask({ status: 'success', data })
  if (!read.ok) throw new Error('refused')
  return read.value
}

const running = (progress = '10') => answer(ok(task({ status: 'ENHANCING', progress })))
const processed = (creditsDeducted: boolean) =>
  answer(ok(task({ status: 'PROCESSED', creditsDeducted, deductedCredits: 10 })))
const failing = (error: ApiError, notBefore: number | null = null) => answer(err(error), notBefore)

/** Asks as the policy says until it stops or `most` questions were asked. */
function follow(answers: (n: number) => Answer, most = 30) {
  const asked: number[] = []
  let record: TaskRecord | undefined
  let at = T0
  while (asked.length < most) {
    asked.push(at)
    record = recordAnswer(record, answers(asked.length), at, at + 150)
    const next = nextQuestion(record)
    if (next.kind === 'stop') return { asked, why: next.why, record }
    at = Math.max(next.at, at + 150)
  }
  return { asked, why: null, record }
}

const waits = (asked: readonly number[]) =>
  asked.slice(1).map((at, n) => at - (asked[n] ?? at) - 150)

describe('a task', () => {
  it('is asked about until its credits are confirmed, then no more', () => {
    const { asked, why } = follow((n) => (n < 5 ? running() : processed(true)))
    expect(asked).toHaveLength(5)
    expect(why).toBe('settled')
  })

  it('is asked about more seldom the longer it runs', () => {
    const gaps = waits(follow(() => running(), 60).asked)
    expect(gaps[0]).toBe(2000)
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b))
    expect(gaps.at(-1)).toBe(60_000)
  })

  it('whose credits stay unconfirmed gets three more questions, spaced', () => {
    const { asked, why } = follow(() => processed(false))
    expect(why).toBe('unconfirmed')
    expect(waits(asked)).toEqual([5000, 15_000, 40_000])
  })

  it('that failed needs no confirmation', () => {
    const failed = answer(ok(task({ status: 'PROCESSING_FAILED', creditsDeducted: false })))
    expect(follow(() => failed)).toMatchObject({ asked: [T0], why: 'settled' })
  })

  it('remembers at which question the credits went', () => {
    const { record } = follow((n) => (n < 4 ? running() : processed(true)))
    expect(record?.deductedAtQuestion).toBe(4)
  })

  it('says when its progress went back', () => {
    const progress = ['10', '64', '30', '40', '70']
    const records = progress.reduce<TaskRecord[]>((all, p, n) => {
      all.push(recordAnswer(all.at(-1), running(p), T0 + n, T0 + n))
      return all
    }, [])
    expect(records.map((record) => record.wentBackFrom)).toEqual([null, null, 64, 64, null])
  })
})

describe('an error', () => {
  it.each([
    { kind: 'key' },
    { kind: 'missing' },
    { kind: 'credits', message: null },
    { kind: 'rejected', status: 400, message: null },
  ] as const)('$kind stops', (error) => {
    expect(follow(() => failing(error))).toMatchObject({ asked: [T0], why: error.kind })
  })

  it.each([
    { kind: 'network' },
    { kind: 'timeout' },
    { kind: 'upstream', status: 500, message: null },
  ] as const)('$kind backs off from 2 s to 60 s', (error) => {
    const gaps = waits(follow(() => failing(error), 9).asked)
    expect(gaps).toEqual([2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * 1000))
  })

  it('keeps the last task on screen', () => {
    const { record } = follow((n) => (n === 1 ? running() : failing({ kind: 'network' })), 3)
    expect(record?.task?.kind).toBe('enhancing')
    expect(record?.failures).toBe(2)
  })

  it('starts again at 2 s after an answer', () => {
    const { asked } = follow((n) => (n === 4 ? running() : failing({ kind: 'network' })), 6)
    const gaps = waits(asked)
    expect(gaps.slice(0, 3)).toEqual([2000, 4000, 8000])
    expect(gaps[4]).toBe(2000)
  })

  it('429 waits as long as it was told', () => {
    const until = T0 + 600_000
    const { asked } = follow(
      (n) =>
        n === 1 ? failing({ kind: 'limited', until, message: null }, until) : processed(true),
      3,
    )
    expect(asked).toEqual([T0, until])
  })

  it('429 without a time waits five minutes', () => {
    const limited = failing({ kind: 'limited', until: null, message: null })
    expect(waits(follow(() => limited, 3).asked)).toEqual([300_000, 300_000])
  })

  it('obeys Retry-After on any answer', () => {
    const until = T0 + 120_000
    const busy = failing({ kind: 'upstream', status: 503, message: null }, until)
    expect(follow(() => busy, 2).asked[1]).toBe(until)
  })
})

it('whatever was answered, the next question is a finite instant or a reason', () => {
  const anyAnswer = fc.oneof(
    fc.constant(running()),
    fc.constant(processed(false)),
    fc.constant(processed(true)),
    fc.constant(failing({ kind: 'network' })),
    fc.integer().map((until) => failing({ kind: 'limited', until, message: null }, until)),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(anyAnswer, fc.nat(1e9)), { minLength: 1 }), (history) => {
      let record: TaskRecord | undefined
      for (const [each, at] of history) record = recordAnswer(record, each, at, at + 10)
      if (record === undefined) return
      const next = nextQuestion(record)
      expect(nextQuestion(record)).toEqual(next)
      if (next.kind === 'ask') expect(Number.isFinite(next.at)).toBe(true)
    }),
  )
})
