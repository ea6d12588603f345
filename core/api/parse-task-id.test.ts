import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTaskId } from './parse-task-id.ts'
import { asTaskId, MAX_TASK_ID_LENGTH } from './task-id.ts'

const UUID = '3f2a9c1e-77b0-4d2e-9a51-0c8d6e5f4b3a'

describe('parseTaskId', () => {
  it.each([
    UUID,
    `  ${UUID}\n`,
    `https://loupe.example/tasks/${UUID}`,
    `https://loupe.example/tasks/${UUID}?theme=dark#x`,
    `/tasks/${UUID}`,
  ])('reads %j', (input) => {
    expect(parseTaskId(input)).toEqual({ ok: true, value: UUID })
  })

  it.each([
    ['', 'Paste'],
    ['two words', 'spaces'],
    ['a/b', 'letters, digits'],
    ['..', 'letters, digits'],
    ['<script>alert(1)</script>', 'letters, digits'],
    ['x'.repeat(10_000), '10,000 characters'],
    ['\u202eabc', 'invisible'],
    ['https://loupe.example/', 'no task'],
    ['https://loupe.example/tasks/%E0%A4%A', 'letters, digits'],
  ])('rejects %j with a sentence', (input, words) => {
    const parsed = parseTaskId(input)
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.error).toContain(words)
  })

  it('returns only safe path segments, and is idempotent', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.base64String()),
        (input) => {
          const parsed = parseTaskId(input)
          if (!parsed.ok) {
            expect(parsed.error.length).toBeGreaterThan(10)
            return
          }
          expect(parsed.value.length).toBeLessThanOrEqual(MAX_TASK_ID_LENGTH)
          expect(new URL(`http://a/tasks/${parsed.value}`).pathname).toBe(`/tasks/${parsed.value}`)
          expect(asTaskId(parsed.value)).toBe(parsed.value)
        },
      ),
    )
  })
})
