import * as v from 'valibot'

/** Undefined for invalid JSON, since no JSON value is undefined. */
export function parseJson(
  text: string,
  reviver?: (name: string, value: unknown) => unknown,
): unknown {
  try {
    return JSON.parse(text, reviver)
  } catch {
    return undefined
  }
}

/** How a value is stored as text. */
export interface TextFormat<T> {
  /** Parses stored text (null: none). Null if it is invalid; storage is left unchanged. */
  readonly parse: (text: string | null) => T | null
  /** Null stores nothing. */
  readonly format: (value: T) => string | null
}

/** A value stored as JSON. */
export const jsonFormat = <T>(schema: v.GenericSchema<unknown, T>): TextFormat<T> => ({
  parse(text) {
    const parsed = v.safeParse(schema, text === null ? undefined : parseJson(text))
    return parsed.success ? parsed.output : null
  },
  format: (value) => JSON.stringify(value),
})
