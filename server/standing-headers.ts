import type { Context, MiddlewareHandler } from 'hono'

/*
 * Headers that each answer has, whoever gives it. To set them on an answer that is there costs more
 * than to make one from memory, so whoever is asked often takes them before, and gives them with its own.
 */

export type HeaderRecord = Readonly<Record<string, string>>

declare module 'hono' {
  interface ContextVariableMap {
    /** Null once they were taken. */
    readonly standing?: HeaderRecord | null
  }
}

/** Gives each answer the headers of `headersOf`. */
export const standingHeaders =
  (headersOf: (c: Context) => HeaderRecord): MiddlewareHandler =>
  async (c, next) => {
    const headers = headersOf(c)
    c.set('standing', headers)
    await next()
    if (hasThem(c)) return
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
  }

/** Whoever takes them gives them with the answer it makes next. */
export function takeStanding(c: Context): HeaderRecord {
  const headers = c.get('standing') ?? {}
  c.set('standing', null)
  return headers
}

/** Whether the answer was made with all it should have. */
export const hasThem = (c: Context): boolean => c.get('standing') === null
