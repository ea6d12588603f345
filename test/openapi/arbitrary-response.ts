import fc from 'fast-check'
import { follow } from './openapi.ts'

/*
 * Generates arbitrary responses that openapi.yaml allows, to find cases nobody thought of. Only for
 * tests.
 */

export interface Schema {
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
  readonly pattern?: string
  readonly format?: string
  readonly examples?: readonly unknown[]
  readonly description?: string
}

const KEYWORDS: ReadonlySet<string> = new Set<keyof Schema>([
  ...(['$ref', 'const', 'enum', 'anyOf', 'type', 'properties', 'required', 'items'] as const),
  ...(['minimum', 'maximum', 'exclusiveMaximum', 'pattern', 'format'] as const),
  ...(['examples', 'description'] as const),
])

export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  const unknown = Object.keys(schema).filter((keyword) => !KEYWORDS.has(keyword))
  // An ignored keyword would produce invalid values.
  if (unknown.length > 0) throw new Error(`arbitrary-response.ts cannot make: ${unknown}`)
  if (schema.$ref !== undefined) return arbitraryAt(schema.$ref)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(arbitraryOf))
  switch (schema.type) {
    case 'object':
      return objects(schema)
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}))
    case 'string':
      return strings(schema)
    case 'integer':
      return integers(schema)
    case 'number':
      return fc.double({ ...range(schema), noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    default:
      throw new Error(`arbitrary-response.ts cannot make the type ${schema.type}`)
  }
}

const arbitraryAt = (pointer: string): fc.Arbitrary<unknown> =>
  arbitraryOf(follow(pointer).self as Schema)

/** Any of the fields, and occasionally an undescribed one. */
function objects({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema)])
  const name = fc.string().filter((key) => !Object.hasOwn(properties, key))
  const others = fc.dictionary(name, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 })
  return fc
    .tuple(
      fc.record<Record<string, unknown>>(Object.fromEntries(fields), {
        requiredKeys: [...required],
      }),
      fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: others }),
    )
    .map(([described, other]) => ({ ...described, ...other }))
}

function strings({ format, pattern, examples = [] }: Schema): fc.Arbitrary<unknown> {
  if (format === 'uri') return fc.webUrl({ withQueryParameters: true, withFragments: true })
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  return fc.oneof(
    ...(examples.length > 0 ? [fc.constantFrom(...examples)] : []),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary', size: 'large' }),
  )
}

const integers = (schema: Schema) => {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range(schema)
  return fc.integer({ min, max })
}

function range({ minimum, maximum, exclusiveMaximum }: Schema): { min?: number; max?: number } {
  const max = exclusiveMaximum === undefined ? maximum : exclusiveMaximum - 1
  return {
    ...(minimum === undefined ? {} : { min: minimum }),
    ...(max === undefined ? {} : { max }),
  }
}

/** Bodies of a 200 to `POST /get-task-status`, after JSON serialization. */
export const answers: fc.Arbitrary<unknown> = arbitraryAt(
  '#/paths/~1get-task-status/post/responses/200/content/application~1json/schema',
).map((response): unknown => JSON.parse(JSON.stringify(response)))

/** The same seed gives the same responses. */
export const generatedAnswers = (seed: number, count: number): unknown[] =>
  fc.sample(answers, { seed, numRuns: count })
