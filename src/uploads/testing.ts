import type { Texts } from '../lib/browser/texts.ts'
import { createKeptParts } from './kept-parts.ts'

/* Helpers for tests. Not part of the program. */

/** Texts in memory, as sessionStorage has them. */
export function memoryTexts(): Texts {
  const texts = new Map<string, string>()
  return {
    get: (name) => texts.get(name) ?? null,
    set: (name, text) => {
      if (text === null) texts.delete(name)
      else texts.set(name, text)
    },
  }
}

/** Options of a queue whose uploads end with the page. */
export const keepNothing = () => ({
  save: () => {},
  parts: createKeptParts('parts', memoryTexts()),
})
