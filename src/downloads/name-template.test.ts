import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DEFAULT_TEMPLATE,
  MAX_TEMPLATE_LENGTH,
  type Placeholder,
  parseTemplate,
  withPlaceholder,
} from './name-template.ts'
import { anyName } from './testing.ts'

describe('parseTemplate', () => {
  it.each([
    [DEFAULT_TEMPLATE, DEFAULT_TEMPLATE],
    [' {original} ', '{original}.{ext}'],
    ['{Original}-{ N }', '{original}-{n}.{ext}'],
    ['{original}.{EXT}', '{original}.{ext}'],
    ['{ext}-{original}', '{ext}-{original}.{ext}'],
    ['{original}.exe', '{original}.exe.{ext}'],
    ['{original}.', '{original}.{ext}'],
    ['{ext}', '{ext}.{ext}'],
    ['.{ext}', '.{ext}'],
    ['a..b', 'a.b.{ext}'],
  ])('reads %j as %j', (text, value) => {
    expect(parseTemplate(text)).toEqual({ ok: true, value })
  })

  it.each([
    ['', 'Enter a name'],
    ['  ', 'Enter a name'],
    ['{name}.{ext}', 'Unknown placeholder {name}. Use one of {original}, {model}'],
    ['{}', 'Nothing between'],
    ['{original', 'A { has no closing }'],
    ['{{original}}', 'A { has no closing }'],
    ['original}', 'A } has no opening {'],
    ['{original}}', 'A } has no opening {'],
    ['folder/{original}', 'can’t contain /'],
    ['..\\{original}', 'can’t contain \\'],
    ['{original}: {n}', 'can’t contain :'],
    ['{original}\u202e', 'invisible'],
    ['x'.repeat(MAX_TEMPLATE_LENGTH + 1), '151 characters'],
  ])('rejects %j with a sentence', (text, words) => {
    const parsed = parseTemplate(text)
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.error).toContain(words)
  })

  it('returns a template that parses as itself, or an error', () => {
    fc.assert(
      fc.property(anyName, (text) => {
        const parsed = parseTemplate(text)
        if (parsed.ok) expect(parseTemplate(parsed.value)).toEqual(parsed)
        else expect(parsed.error.length).toBeGreaterThan(10)
      }),
    )
  })
})

it.each<[text: string, word: Placeholder, value: string]>([
  ['{original}.{ext}', 'n', '{original}{n}.{ext}'],
  ['{original}', 'n', '{original}{n}'],
  ['{ext}-', 'ext', '{ext}-{ext}'],
  ['', 'task', '{task}'],
])('into %j, {%s} is inserted as %j', (text, word, value) => {
  expect(withPlaceholder(text, word)).toBe(value)
})
