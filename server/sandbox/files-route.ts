import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { disposition, downloadName } from './download-name.ts'
import { demoOriginal, formatOf, samplePath } from './images.ts'
import type { Link, LinkError } from './links.ts'
import type { Services } from './services.ts'
import { MIME_TYPES } from './store/tasks.ts'
import { thumbnailOf } from './work/upscale.ts'

const ERRORS = {
  altered: [
    403,
    'This link was altered: its signature is invalid. Check the task to get a new one.',
  ],
  expired: [403, 'This link has expired. Check the task to get a new one.'],
  unknown: [404, 'File not found.'],
} as const satisfies Record<LinkError | 'unknown', readonly [number, string]>

interface LinkedFile {
  readonly path: string
  readonly name: string
  readonly type: string
}

/** The file of a link. */
export function linkedFile(
  { tasks, links, paths }: Services,
  link: Link,
): Result<LinkedFile, keyof typeof ERRORS> {
  const fault = links.fault(link)
  if (fault !== null) return err(fault)
  const file = tasks.file(link.fileId)
  const task = file && tasks.byId(file.taskId)
  if (file === undefined || task === undefined) return err('unknown')
  const isThumbnail = link.variant === 'thumbnail'
  const format = isThumbnail ? 'webp' : task.saveImageAs
  return ok({
    path: isThumbnail ? paths.thumbnail(file.id) : paths.result(file.id, format),
    name: downloadName(file.originalName, format),
    type: MIME_TYPES[format],
  })
}

/** `GET /files/<id>/<variant>` by signed link, `GET /samples/<picture>.webp[?small]`, and
 * `GET /samples/originals/<task>`, the image that a demo was started with. Hono answers HEAD, too. */
export function filesRoute(services: Services): Hono {
  return new Hono()
    .get('/files/:fileId/:variant', async (c) => {
      const { fileId, variant } = c.req.param()
      const { expires = '', signature = '' } = c.req.query()
      const found = linkedFile(services, { fileId, variant, expires, signature })
      if (!found.ok) {
        const [status, text] = ERRORS[found.error]
        return plain(status, text)
      }
      const { path, name, type } = found.value
      return send(c, path, type, {
        'content-disposition': disposition(variant === 'thumbnail' ? 'inline' : 'attachment', name),
        // A cache must not outlive the link.
        'cache-control': `private, max-age=${services.links.secondsLeft(expires)}`,
      })
    })
    .get('/samples/originals/:taskId', async (c) => {
      const task = services.tasks.byId(c.req.param('taskId'))
      const [file] = task === undefined ? [] : services.tasks.filesOf(task.id)
      if (file === undefined || file.picture === 'upload') return c.notFound()
      const original = await demoOriginal(file.picture, file)
      return new Response(new Uint8Array(original), {
        headers: {
          'content-type': MIME_TYPES[formatOf(file.originalName)],
          'x-content-type-options': 'nosniff',
          'cache-control': 'public, max-age=3600',
        },
      })
    })
    .get('/samples/:name', async (c) => {
      const path = samplePath(c.req.param('name'))
      if (path === null) return c.notFound()
      const headers = { 'cache-control': 'public, max-age=3600' }
      if (c.req.query('small') === undefined) return send(c, path, MIME_TYPES.webp, headers)
      return c.body(await thumbnailOf(path).toBuffer(), 200, {
        ...headers,
        'content-type': MIME_TYPES.webp,
      })
    })
}

const plain = (status: number, text: string): Response =>
  new Response(`${text}\n`, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })

/** Streams the file, which may have a hundred megabytes. */
async function send(
  c: Context,
  path: string,
  type: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const size = await stat(path).then(
    (it) => it.size,
    () => null,
  )
  if (size === null) return plain(404, 'This file is no longer on disk.')
  const body = c.req.method === 'HEAD' ? null : Readable.toWeb(createReadStream(path))
  return new Response(body as ReadableStream | null, {
    headers: {
      ...headers,
      'content-type': type,
      'content-length': String(size),
      'x-content-type-options': 'nosniff',
    },
  })
}
