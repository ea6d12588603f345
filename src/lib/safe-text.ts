/*
 * Marks that turn the direction of text make one sentence or name pose as another, and control
 * characters break lines and headers. They are shown as what they are: something unreadable.
 */
const UNSAFE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

/** `text` from outside, harmless to show and at most `longest` characters long. */
export function safeText(text: string, longest: number): string {
  const safe = text.trim().replace(UNSAFE, '\ufffd')
  return safe.length <= longest ? safe : `${safe.slice(0, longest - 1).trimEnd()}…`
}

export const hasUnsafe = (text: string): boolean => text.search(UNSAFE) >= 0
