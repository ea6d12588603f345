import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../upscayl/read-answer.ts'
import { SAMPLE_NAMES, SAMPLES } from '../upscayl/samples.ts'
import { readMessage, type TabMessage } from './messages.ts'
import { recordAnswer, UNASKED } from './task-record.ts'

const AT = Date.UTC(2026, 0, 1, 12)

describe('what tabs tell each other', () => {
  it.each(SAMPLE_NAMES)('carries the record of %s unchanged', (name) => {
    const { status, headers, body } = SAMPLES[name].reply(AT, 'https://files.example')
    const answer = readAnswer(status, new Headers(headers), body, 'key', AT)
    const message: TabMessage = {
      type: 'record',
      id: 'task-1',
      record: recordAnswer(UNASKED, answer, AT, AT + 150),
    }
    expect(readMessage(structuredClone(message))).toEqual(message)
  })

  it('carries a start, and does without it as an earlier Loupe sends it', () => {
    const record = { ...UNASKED, startedAt: AT, announced: 10 }
    const message: TabMessage = { type: 'record', id: 'task-1', record }
    expect(readMessage(structuredClone(message))).toEqual(message)
    const { startedAt: _, announced: __, ...earlier } = record
    expect(readMessage({ ...message, record: earlier })).toEqual({ ...message, record: UNASKED })
    for (const start of [{ startedAt: 'now' }, { announced: -1 }])
      expect(readMessage({ ...message, record: { ...record, ...start } })).toBeNull()
  })

  it('carries a task that is missing without words, as an earlier Loupe kept it', () => {
    const error = { kind: 'missing', message: null } as const
    const record = { ...UNASKED, failure: { error, at: AT } }
    const earlier = { ...UNASKED, failure: { error: { kind: 'missing' }, at: AT } }
    const message = { type: 'record', id: 'task-1', record }
    expect(readMessage({ ...message, record: earlier })).toEqual(message)
  })

  it('is not understood where it is no message, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (data) => {
        expect(readMessage(data)).toBeNull()
      }),
    )
    expect(
      readMessage({ type: 'record', id: 'a', record: { ...UNASKED, task: { kind: 'x' } } }),
    ).toBeNull()
  })

  it('carries no link that is not http(s)', () => {
    const { status, headers, body } = SAMPLES.processed.reply(AT, 'https://files.example')
    const record = recordAnswer(
      UNASKED,
      readAnswer(status, new Headers(headers), body, 'key', AT),
      AT,
      AT,
    )
    const [file] = record.task?.files ?? []
    const task = { ...record.task, files: [{ ...file, downloadUrl: 'javascript:alert(1)' }] }
    expect(readMessage({ type: 'record', id: 'a', record: { ...record, task } })).toBeNull()
  })
})
