import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseResponse } from '../../core/api/parse-response.ts'
import { kindOfWord } from '../../core/api/task.ts'
import { type PublicAnswer, publicAnswers, statusIn } from './public-schema.ts'

const read = ({ status, body }: PublicAnswer) =>
  parseResponse(status, new Headers(), JSON.stringify(body), 'key-1234567890', 0).result

test('each successful response of an API that knows only its public page is a task', () => {
  fc.assert(
    fc.property(publicAnswers, (response) => {
      const result = read(response)
      const word = statusIn(response)
      if (word !== null)
        expect(result).toMatchObject({ ok: true, value: { kind: kindOfWord(word) } })
      if (response.status !== 200) expect(result.ok).toBe(false)
    }),
    { numRuns: 300 },
  )
})

test('most of them are successful', () => {
  const answers = fc.sample(publicAnswers, { seed: 1, numRuns: 300 })
  expect(answers.filter((one) => statusIn(one) !== null).length).toBeGreaterThan(100)
})
