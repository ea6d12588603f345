import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAnswer } from '../src/upscayl/read-answer.ts'
import { kindOfWord } from '../src/upscayl/task.ts'
import { type PublicAnswer, publicAnswers, statusIn } from './public-schema.ts'

const read = ({ status, body }: PublicAnswer) =>
  readAnswer(status, new Headers(), JSON.stringify(body), 'key-1234567890', 0).result

test('each good answer of an API that knows its public page alone is a task', () => {
  fc.assert(
    fc.property(publicAnswers, (answer) => {
      const result = read(answer)
      const word = statusIn(answer)
      if (word !== null)
        expect(result).toMatchObject({ ok: true, value: { kind: kindOfWord(word) } })
      if (answer.status !== 200) expect(result.ok).toBe(false)
    }),
    { numRuns: 300 },
  )
})

test('most of them are good', () => {
  const answers = fc.sample(publicAnswers, { seed: 1, numRuns: 300 })
  expect(answers.filter((one) => statusIn(one) !== null).length).toBeGreaterThan(100)
})
