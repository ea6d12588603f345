import { readLimited } from './body.ts'
import { problem } from './problem.ts'

const JSON_TYPE = /^application\/json\s*(?:;|$)/i

/** The bytes of a request that says it is JSON, still unread; or the answer that refuses it. */
export async function readJsonBody(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | Response> {
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) return problem('NOT_JSON')
  try {
    return (
      (await readLimited(request.body, maxBytes)) ??
      problem('BODY_TOO_LARGE', {}, `It may have at most ${maxBytes / 1024} KiB.`)
    )
  } catch {
    return problem('BODY_CUT_OFF')
  }
}
