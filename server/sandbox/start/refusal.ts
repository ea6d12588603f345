import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** The reason why no task was started. `message` is for a person. */
export interface Refusal {
  readonly status: ContentfulStatusCode
  readonly error: string
  readonly message: string
  /** Body that the API documents instead of an object. The message is in a header then. */
  readonly bare?: string
}

const refusal =
  (status: ContentfulStatusCode, error: string) =>
  (message: string): Refusal => ({ status, error, message })

export const badRequest = refusal(400, 'BAD_REQUEST')
export const badImage = refusal(400, 'IMAGE_UNUSABLE')
export const tooFewCredits = (message: string): Refusal => ({
  ...refusal(402, 'INSUFFICIENT_CREDITS')(message),
  bare: 'Insufficient credits',
})
export const tooLarge = refusal(413, 'FILE_TOO_LARGE')
export const wrongType = refusal(415, 'UNSUPPORTED_MEDIA_TYPE')
export const keyReused = refusal(422, 'IDEMPOTENCY_KEY_REUSED')
export const closes = refusal(503, 'CLOSING')

export const refused = ({ status, error, message, bare }: Refusal): Response =>
  bare === undefined
    ? Response.json({ error, message }, { status })
    : Response.json(bare, { status, headers: { 'x-sandbox-reason': message } })
