/** One HTTP answer of the API as it came, before anything is read from it. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A reply in the API's envelope with some fields of its `data` changed. */
export function withData(reply: Reply, fields: Readonly<Record<string, unknown>>): Reply {
  const body: { data: object } = JSON.parse(reply.body)
  return { ...reply, body: JSON.stringify({ ...body, data: { ...body.data, ...fields } }) }
}
