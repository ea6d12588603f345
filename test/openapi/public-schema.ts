import fc from 'fast-check'
import { MODELS } from '../../core/api/models.ts'
import { arbitraryOf, type Schema } from './arbitrary-response.ts'

/*
 * Responses to `POST /get-task-status` exactly as the API's public page documents them: no field is
 * required, the status of the envelope is any text, links are not described. Only for tests.
 */

const text = (...examples: readonly string[]): Schema => ({ type: 'string', examples })
const integer: Schema = { type: 'integer' }
const flag: Schema = { type: 'boolean' }
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
})

const FILE = object({
  fileName: text('1k2jj2b3c-cnb1234ij.jpg'),
  fileType: text('image/jpeg'),
  fileSize: integer,
  originalFileName: text('image.jpg'),
  path: text('users/1412v4124v/1k2jj2b3c-cnb1234ij.jpg'),
  createdAt: integer,
  expiresAt: integer,
  dimensions: object({ width: integer, height: integer }),
})

const ANSWER = object({
  status: text('success'),
  data: object({
    status: { enum: ['ENHANCING', 'PROCESSING', 'PROCESSED', 'PROCESSING_FAILED'] },
    progress: text('100'),
    files: { type: 'array', items: FILE },
    deductedCredits: integer,
    creditsDeducted: flag,
    model: { enum: Object.keys(MODELS) },
    scale: { enum: [1, 2, 3, 4, 5, 6, 7, 8] },
    saveImageAs: text('png'),
    compression: integer,
    batchMode: flag,
  }),
})

export interface PublicAnswer {
  readonly status: number
  readonly body: unknown
}

const failure = (status: number, example: string): fc.Arbitrary<PublicAnswer> =>
  // The documented schema is an object, the example is a text.
  fc
    .oneof(fc.constant(example), fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })))
    .map((body) => ({ status, body }))

export const publicAnswers: fc.Arbitrary<PublicAnswer> = fc
  .oneof(
    { weight: 8, arbitrary: arbitraryOf(ANSWER).map((body) => ({ status: 200, body })) },
    { weight: 1, arbitrary: failure(400, 'Bad Request: Missing User ID') },
    { weight: 1, arbitrary: failure(500, 'Error getting data') },
  )
  .map((response): PublicAnswer => JSON.parse(JSON.stringify(response)))

/** The task status in a successful response; null for any other response. */
export function statusIn({ status, body }: PublicAnswer): string | null {
  const { data } = body as { data?: { status?: string } }
  return status === 200 ? (data?.status ?? null) : null
}
