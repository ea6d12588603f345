import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readBalance } from './balance.ts'
import { parseResponse } from './parse-response.ts'
import { SAMPLES } from './samples.ts'

it.each([
  [
    { currentCredits: 120, currentExtraCredits: 30 },
    { credits: 120, extra: 30 },
  ],
  [{ currentCredits: '120' }, { credits: 120, extra: null }],
  [{ currentExtraCredits: 0 }, { credits: null, extra: 0 }],
  [{ currentCredits: -1, currentExtraCredits: 'many' }, null],
  [{ currentCredits: null }, null],
  [{}, null],
])('%j is %j', (data, balance) => {
  expect(readBalance({ status: 'success', data })).toEqual(balance)
})

it('is read from a status response, and from any other', () => {
  const { status, headers, body } = SAMPLES.balance.reply(0, 'https://files.example')
  const response = parseResponse(status, new Headers(headers), body, '', 0)
  expect(response).toMatchObject({ balance: { credits: 990, extra: 25 }, result: { ok: true } })
})

it('never fails', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => void readBalance(json)))
  fc.assert(fc.property(fc.jsonValue(), (data) => void readBalance({ data })))
})
