import { describe, expect, it } from 'vitest'
import {
  createRecording,
  LONGEST_RECORDING,
  type RecordedAnswer,
  type Recording,
  readRecording,
} from './recording.ts'
import { SAMPLES } from './samples.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const SECRETS = { key: 'key-1234567890', taskId: 'task-1234567890' }

const answer = (askedAt: number, answeredAt = askedAt + 100): RecordedAnswer => ({
  kind: 'reply',
  askedAt,
  answeredAt,
  reply: SAMPLES.processed.reply(AT, 'https://files.example'),
})
const silence = (askedAt: number): RecordedAnswer => ({
  kind: 'silence',
  askedAt,
  answeredAt: askedAt + 20_000,
  why: 'timeout',
})
const times = ({ answers }: Recording) =>
  answers.map(({ askedAt, answeredAt }) => [askedAt - AT, answeredAt - AT])

const written = (change: object = {}) =>
  JSON.stringify({ ...createRecording([answer(AT), silence(AT + 500)], SECRETS), ...change })
const sentence = (text: string) => {
  const result = readRecording(text)
  return result.ok ? 'no error' : result.error
}

describe('a recording', () => {
  it('has replies and silences with their times', () => {
    const recording = createRecording([answer(AT), silence(AT + 500)], SECRETS)
    expect(recording).toMatchObject({
      format: 'loupe-recording',
      version: 1,
      answers: [
        { kind: 'reply', askedAt: AT, answeredAt: AT + 100, reply: { status: 200 } },
        { kind: 'silence', askedAt: AT + 500, answeredAt: AT + 20_500, why: 'timeout' },
      ],
    })
    expect(readRecording(JSON.stringify(recording))).toEqual({ ok: true, value: recording })
  })

  it('keeps the order of the answers where the clock was set back', () => {
    const recording = createRecording([answer(AT), answer(AT - 5000), answer(AT + 500)], SECRETS)
    expect(times(recording)).toEqual([
      [0, 100],
      [100, 100],
      [500, 600],
    ])
  })

  it('keeps the last of very many answers', () => {
    const many = Array.from({ length: 2001 }, (_, n) => silence(AT + n * 30_000))
    const recording = createRecording(many, SECRETS)
    expect(recording.answers).toEqual(many.slice(1))
    expect(readRecording(JSON.stringify(recording)).ok).toBe(true)
  })
})

describe('reading a recording', () => {
  it.each([
    ['', 'This is no recording of Loupe.'],
    ['null', 'This is no recording of Loupe.'],
    ['{"format":"har","version":1}', 'This is no recording of Loupe.'],
    [written({ version: 0 }), 'This is no recording of Loupe.'],
    [
      written({ version: 2 }),
      'This file is from a newer Loupe (version 2). This one reads version 1.',
    ],
    [written({ answers: 7 }), 'This recording is damaged: it has no list of answers.'],
    [written({ answers: [] }), 'This recording has no answers in it.'],
    [
      written({ answers: Array(2001).fill(0) }),
      'This recording has 2,001 answers. 2,000 at most can be read.',
    ],
    [
      written({ answers: [answer(AT), { ...answer(AT + 200), kind: 'x' }] }),
      'This recording is damaged: its answer 2 makes no sense.',
    ],
    [
      written({ answers: [answer(AT), answer(AT + 99)] }),
      'This recording is damaged: its answer 2 comes before its time.',
    ],
    [
      written({ answers: [answer(AT, AT - 1)] }),
      'This recording is damaged: its answer 1 comes before its time.',
    ],
    ['['.repeat(200_000), 'This is no recording of Loupe.'],
    [
      ' '.repeat(LONGEST_RECORDING + 1),
      'This file is too large for a recording of Loupe: it may have 8 MiB at most.',
    ],
  ])('says what is wrong', (text, error) => {
    expect(sentence(text)).toBe(error)
  })

  it.each([-1, 1.5, 9e15, null, '1'])('takes %j for no time', (askedAt) => {
    expect(sentence(written({ answers: [{ ...answer(AT), askedAt }] }))).toMatch(/makes no sense/)
  })

  it.each([
    { status: 199 },
    { status: 600 },
    { status: '200' },
    { headers: { a: 1 } },
    { body: {} },
  ])('refuses a reply with %j', (change) => {
    const reply = { ...SAMPLES.processed.reply(AT, ''), ...change }
    expect(sentence(written({ answers: [{ ...answer(AT), reply }] }))).toMatch(/makes no sense/)
  })

  it('cleans what somebody else has written', () => {
    const result = readRecording(written({ answers: [answer(AT)], note: 'x' }))
    expect(result).toEqual({ ok: true, value: createRecording([answer(AT)], SECRETS) })
    expect(JSON.stringify(result)).not.toContain('files.example')
  })
})
