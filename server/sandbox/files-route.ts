import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Hono } from 'hono'
import { PICTURES } from '../../src/upscayl/samples.ts'
import type { Paths } from './data-dir.ts'
import { disposition, downloadName } from './download-name.ts'
import type { LinkFault, Links } from './links.ts'
import { paintSample } from './painter/sample.ts'
import type { StoredFile, StoredTask, Tasks } from './store/tasks.ts'
import { MIME_TYPES } from './work/formats.ts'

export interface FilesRouteOptions {
  readonly tasks: Tasks
  readonly links: Links
  readonly paths: Paths
}

const FAULTS = {
  altered:
    'This link has been altered: its signature does not fit. Ask for the task again to get a new one.',
  expired: 'This link has expired: the file can no longer be fetched.',
} as const satisfies Record<LinkFault, string>

/** `GET /files/<id>/<variant>` by signed link, and `GET /samples/<picture>.webp`. Hono answers HEAD, too. */
export function filesRoute({ tasks, links, paths }: FilesRouteOptions): Hono {
  const locate = (variant: string, file: StoredFile, task: StoredTask) => {
    const format = task.saveImageAs
    return variant === 'thumbnail'
      ? {
          path: paths.thumbnail(file.id),
          type: MIME_TYPES.webp,
          disposition: disposition('inline', downloadName(file.originalName, 'webp')),
        }
      : {
          path: paths.result(file.id, format),
          type: MIME_TYPES[format],
          disposition: disposition('attachment', downloadName(file.originalName, format)),
        }
  }

  return new Hono()
    .get('/files/:fileId/:variant', async (c) => {
      const { fileId, variant } = c.req.param()
      const { expires = '', signature = '' } = c.req.query()
      const fault = links.fault({ fileId, variant, expires, signature })
      if (fault !== null) return plain(403, FAULTS[fault])

      const file = tasks.file(fileId)
      const task = file && tasks.byId(file.taskId)
      if (file === undefined || task === undefined) return plain(404, 'There is no such file.')
      const wanted = locate(variant, file, task)
      const size = await stat(wanted.path).then(
        (it) => it.size,
        () => null,
      )
      if (size === null) return plain(404, 'This file is no longer on the disk.')
      // As it is read: it may have a hundred megabytes.
      const body = c.req.method === 'HEAD' ? null : streamOf(wanted.path)
      return picture(body, size, wanted.type, {
        'content-disposition': wanted.disposition,
        // A cache must not outlive the link.
        'cache-control': `private, max-age=${links.secondsLeft(expires)}`,
      })
    })
    .get('/samples/:name', async (c) => {
      const name = PICTURES.find((known) => c.req.param('name') === `${known}.webp`)
      if (name === undefined) return c.notFound()
      const bytes = await paintSample(name, paths.sample(name))
      return picture(bytes, bytes.byteLength, MIME_TYPES.webp, {
        'cache-control': 'public, max-age=3600',
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

const streamOf = (path: string): ReadableStream =>
  Readable.toWeb(createReadStream(path)) as ReadableStream

const picture = (
  body: BodyInit | null,
  size: number,
  type: string,
  headers: Readonly<Record<string, string>>,
): Response =>
  new Response(body, {
    headers: {
      ...headers,
      'content-type': type,
      'content-length': String(size),
      'x-content-type-options': 'nosniff',
    },
  })
