/** An HTTP response of the API, unparsed. */
export interface RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The response with some fields of its `data` changed. */
export function withData(
  reply: RawResponse,
  fields: Readonly<Record<string, unknown>>,
): RawResponse {
  const body: { data: object } = JSON.parse(reply.body)
  return { ...reply, body: JSON.stringify({ ...body, data: { ...body.data, ...fields } }) }
}
