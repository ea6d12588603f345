import { describe, expect, it } from 'vitest'
import {
  createRecording,
  MAX_RECORDING_LENGTH,
  type RecordedResponse,
  type Recording,
  readRecording,
} from './recording.ts'
import { SAMPLES } from './samples.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const SECRETS = { key: 'key-1234567890', taskId: 'task-1234567890' }

const answer = (askedAt: number, answeredAt = askedAt + 100): RecordedResponse => ({
  kind: 'reply',
  askedAt,
  answeredAt,
  reply: SAMPLES.processed.reply(AT, 'https://files.example'),
})
const silence = (askedAt: number): RecordedResponse => ({
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
  it('contains responses and failures with their times', () => {
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

  it('keeps the order of responses if the clock was set back', () => {
    const recording = createRecording([answer(AT), answer(AT - 5000), answer(AT + 500)], SECRETS)
    expect(times(recording)).toEqual([
      [0, 100],
      [100, 100],
      [500, 600],
    ])
  })

  it('keeps the last of very many responses', () => {
    const many = Array.from({ length: 2001 }, (_, n) => silence(AT + n * 30_000))
    const recording = createRecording(many, SECRETS)
    expect(recording.answers).toEqual(many.slice(1))
    expect(readRecording(JSON.stringify(recording)).ok).toBe(true)
  })
})

describe('reading a recording', () => {
  it.each([
    ['', 'This is not a Loupe recording.'],
    ['null', 'This is not a Loupe recording.'],
    ['{"format":"har","version":1}', 'This is not a Loupe recording.'],
    [written({ version: 0 }), 'This is not a Loupe recording.'],
    [
      written({ version: 2 }),
      'This file is from a newer Loupe (version 2). This one reads version 1.',
    ],
    [written({ answers: 7 }), 'This recording is damaged: it has no list of responses.'],
    [written({ answers: [] }), 'This recording has no responses.'],
    [
      written({ answers: Array(2001).fill(0) }),
      'This recording has 2,001 responses. The maximum is 2,000.',
    ],
    [
      written({ answers: [answer(AT), { ...answer(AT + 200), kind: 'x' }] }),
      'This recording is damaged: response 2 is invalid.',
    ],
    [
      written({ answers: [answer(AT), answer(AT + 99)] }),
      'This recording is damaged: response 2 is out of order.',
    ],
    [
      written({ answers: [answer(AT, AT - 1)] }),
      'This recording is damaged: response 1 is out of order.',
    ],
    ['['.repeat(200_000), 'This is not a Loupe recording.'],
    [
      ' '.repeat(MAX_RECORDING_LENGTH + 1),
      'This file is too large: a recording has at most 8 MiB.',
    ],
  ])('says what is wrong', (text, error) => {
    expect(sentence(text)).toBe(error)
  })

  it.each([-1, 1.5, 9e15, null, '1'])('rejects the time %j', (askedAt) => {
    expect(sentence(written({ answers: [{ ...answer(AT), askedAt }] }))).toMatch(/is invalid/)
  })

  it.each([
    { status: 199 },
    { status: 600 },
    { status: '200' },
    { headers: { a: 1 } },
    { body: {} },
  ])('rejects a response with %j', (change) => {
    const reply = { ...SAMPLES.processed.reply(AT, ''), ...change }
    expect(sentence(written({ answers: [{ ...answer(AT), reply }] }))).toMatch(/is invalid/)
  })

  it('cleans recordings from others', () => {
    const result = readRecording(written({ answers: [answer(AT)], note: 'x' }))
    expect(result).toEqual({ ok: true, value: createRecording([answer(AT)], SECRETS) })
    expect(JSON.stringify(result)).not.toContain('files.example')
  })
})
