/*
 * Direction marks can make one sentence or name look like another, and control characters break lines
 * and headers. Each is replaced by U+FFFD.
 */
const UNSAFE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

/** External `text`, made safe to display and at most `longest` characters long. */
export function safeText(text: string, longest: number): string {
  const safe = text.trim().replace(UNSAFE, '\ufffd')
  return safe.length <= longest ? safe : `${safe.slice(0, longest - 1).trimEnd()}…`
}

export const hasUnsafe = (text: string): boolean => text.search(UNSAFE) >= 0
