import { err, ok, type Result } from '../lib/result.ts'
import { type ApiKey, asApiKey, LONGEST_KEY } from './api-key.ts'

/** Reads what was typed or pasted. The error is a sentence for that person, and never repeats the key. */
export function parseApiKey(input: string): Result<ApiKey, string> {
  const text = input.trim()
  const key = asApiKey(text)
  if (key !== null) return ok(key)
  if (text === '') return err('Paste your API key.')
  if (/[\r\n]/.test(text)) {
    return err('This key has a line break in it. Copy it once more, as one line.')
  }
  if (/\s/.test(text)) return err('This key has a space in it. Copy the key alone.')
  if (!/^[\x21-\x7e]+$/.test(text)) {
    return err('This key holds characters that no API key has. Copy it once more.')
  }
  return err(`This is too long for an API key (over ${LONGEST_KEY} characters).`)
}
