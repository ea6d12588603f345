import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Hono } from 'hono'
import { MINUTE } from '../../../core/lib/units.ts'
import { createLimitedBody, PayloadTooLarge } from '../../http/limited-body.ts'
import type { Services } from '../services.ts'

const IDLE_MS = MINUTE

/** As S3 names them: clients of the API upload parts to a storage of that kind. */
const ERRORS = {
  altered: [403, 'SignatureDoesNotMatch', 'The signature of this link is invalid.'],
  expired: [403, 'AccessDenied', 'Request has expired'],
  unknown: [404, 'NoSuchUpload', 'The upload does not exist, is complete, or has expired.'],
  tooLarge: [400, 'EntityTooLarge', 'The part is larger than partSize.'],
  cutOff: [400, 'IncompleteBody', 'The part was cut off.'],
} as const

type PartError = keyof typeof ERRORS

/** `PUT /uploads/<id>/<number>` by signed link, without an API key. */
export function partRoute(services: Services): Hono {
  const { uploads, links, paths, partBytes, closing } = services

  /** Returns the ETag, or what is wrong. */
  const store = async (
    uploadId: string,
    number: number,
    body: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly etag: string } | PartError> => {
    const upload = uploads.byId(uploadId)
    if (upload === undefined || upload.isComplete === 1) return 'unknown'
    const draft = paths.part(uploadId, number, randomUUID())
    const hash = createHash('md5')
    try {
      await mkdir(dirname(draft), { recursive: true })
      // Open before the first byte: a body that fails at once would leave a file that appears later.
      const file = await open(draft, 'wx')
      await pipeline(
        body,
        async function* (chunks: AsyncIterable<Uint8Array>) {
          for await (const chunk of chunks) {
            hash.update(chunk)
            yield chunk
          }
        },
        file.createWriteStream(),
      )
      const etag = hash.digest('hex')
      // Named after its content: of two uploads of a part at once, each leaves a whole file.
      await rename(draft, paths.part(uploadId, number, etag))
      return uploads.setPart(uploadId, { number, etag }) ? { etag } : 'unknown'
    } catch (error) {
      return error instanceof PayloadTooLarge ? 'tooLarge' : 'cutOff'
    } finally {
      await rm(draft, { force: true })
    }
  }

  return new Hono().put('/uploads/:uploadId/:number', async (c) => {
    const { uploadId, number } = c.req.param()
    const { expires = '', signature = '' } = c.req.query()
    const limited = createLimitedBody(c.req.raw.body, {
      ...{ maxBytes: partBytes, idleMs: IDLE_MS, stop: closing },
    })
    const stored =
      links.fault({ fileId: uploadId, variant: number, expires, signature }) ??
      (await store(uploadId, Number(number), limited.chunks))
    await limited.drain()
    if (typeof stored === 'string') return failed(stored)
    return new Response(null, {
      headers: { etag: `"${stored.etag}"`, 'cache-control': 'no-store' },
    })
  })
}

function failed(error: PartError): Response {
  const [status, code, message] = ERRORS[error]
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`
  const headers = { 'content-type': 'application/xml', 'cache-control': 'no-store' }
  return new Response(xml, { status, headers })
}
