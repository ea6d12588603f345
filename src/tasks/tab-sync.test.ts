import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseResponse } from '../../core/api/parse-response.ts'
import { SAMPLE_NAMES, SAMPLES } from '../../core/api/samples.ts'
import { recordResponse } from '../../core/record/record-response.ts'
import { EMPTY_RECORD } from '../../core/record/task-record.ts'
import earlier from '../../test/earlier-version.json' with { type: 'json' }
import { readMessage, type TabMessage } from './tab-sync.ts'

const AT = Date.UTC(2026, 0, 1, 12)

describe('a message between tabs', () => {
  it.each(SAMPLE_NAMES)('carries the record of %s unchanged', (name) => {
    const { status, headers, body } = SAMPLES[name].reply(AT, 'https://files.example')
    const response = parseResponse(status, new Headers(headers), body, 'key', AT)
    const message: TabMessage = {
      type: 'record',
      id: 'task-1',
      record: recordResponse(EMPTY_RECORD, response, AT, AT + 150),
    }
    expect(readMessage(structuredClone(message))).toEqual(message)
  })

  it('carries a start, which is missing in earlier versions', () => {
    const record = { ...EMPTY_RECORD, startedAt: AT, quotedCredits: 10 }
    const message: TabMessage = { type: 'record', id: 'task-1', record }
    expect(readMessage(structuredClone(message))).toEqual(message)
    const { startedAt: _, quotedCredits: __, ...earlier } = record
    expect(readMessage({ ...message, record: earlier })).toEqual({
      ...message,
      record: EMPTY_RECORD,
    })
    for (const start of [{ startedAt: 'now' }, { quotedCredits: -1 }])
      expect(readMessage({ ...message, record: { ...record, ...start } })).toBeNull()
  })

  it.each(earlier.stored)('carries a record of version 0.1.0: $id', ({ id, record }) => {
    const { task, questions, askedAt, receipt, announced } = record
    expect(readMessage({ type: 'record', id, record })).toMatchObject({
      type: 'record',
      record: {
        task,
        requestCount: questions,
        requestedAt: askedAt,
        quotedCredits: announced ?? null,
        deduction: { requestNumber: receipt.question, at: receipt.at, anomalies: receipt.odd },
      },
    })
  })

  it('carries a missing task without a message, as in earlier versions', () => {
    const error = { kind: 'missing', message: null } as const
    const record = { ...EMPTY_RECORD, failure: { error, at: AT } }
    const earlier = { ...EMPTY_RECORD, failure: { error: { kind: 'missing' }, at: AT } }
    const message = { type: 'record', id: 'task-1', record }
    expect(readMessage({ ...message, record: earlier })).toEqual(message)
  })

  it('is null if invalid, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (data) => {
        expect(readMessage(data)).toBeNull()
      }),
    )
    expect(
      readMessage({ type: 'record', id: 'a', record: { ...EMPTY_RECORD, task: { kind: 'x' } } }),
    ).toBeNull()
  })

  it('carries no link that is not http(s)', () => {
    const { status, headers, body } = SAMPLES.processed.reply(AT, 'https://files.example')
    const record = recordResponse(
      EMPTY_RECORD,
      parseResponse(status, new Headers(headers), body, 'key', AT),
      AT,
      AT,
    )
    const [file] = record.task?.files ?? []
    const task = { ...record.task, files: [{ ...file, downloadUrl: 'javascript:alert(1)' }] }
    expect(readMessage({ type: 'record', id: 'a', record: { ...record, task } })).toBeNull()
  })
})
