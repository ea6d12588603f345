import { err, ok, type Result } from '../../core/lib/result.ts'
import { type ApiKey, asApiKey, MAX_KEY_LENGTH } from './api-key.ts'

/** As the server demands: shorter ones are no keys. */
const MIN_LENGTH = 6

/** Parses user input. The error is a sentence for the user, and never contains the key. */
export function parseApiKey(input: string): Result<ApiKey, string> {
  const text = input.trim()
  const key = asApiKey(text)
  if (key !== null && key.length >= MIN_LENGTH) return ok(key)
  if (key !== null) {
    return err(`This key is too short (under ${MIN_LENGTH} characters). Copy all of it.`)
  }
  if (text === '') return err('Paste your API key.')
  if (/[\r\n]/.test(text)) {
    return err('This key has a line break. Copy it as one line.')
  }
  if (/\s/.test(text)) return err('This key has a space. Copy only the key.')
  if (!/^[\x21-\x7e]+$/.test(text)) {
    return err('This key has characters that no API key has. Copy it again.')
  }
  return err(`This key is too long (over ${MAX_KEY_LENGTH} characters). Copy only the key.`)
}
