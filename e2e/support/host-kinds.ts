import type { ServerResponse } from 'node:http'
import type { FileRoute, startFileHost } from './file-host.ts'
import { doneTask } from './file-host.ts'

/* Hosts of files as public reports describe them: how they end links, answer pages, and fail. */

type Options = Parameters<typeof startFileHost>[0]

/** By which hosts end a link. */
export const ENDS = [400, 401, 403, 404, 410, 409] as const

const ALLOW = 'access-control-allow-origin'
const XML = `<?xml version="1.0"?><Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>`

/** `send` gives out the one picture of these hosts. */
export function hostKinds(send: FileRoute, picture: Buffer): Options {
  const file = (url: string, path: string, name: string, fields: object = {}) => ({
    originalFileName: name,
    fileType: 'image/png',
    dimensions: { width: 64, height: 48 },
    downloadLink: path === '' ? null : `${url}${path}`,
    ...fields,
  })
  const refuse = (response: ServerResponse, status: number) =>
    response.writeHead(status, { 'content-type': 'application/xml' }).end(XML)

  const routes: Options['routes'] = {
    // Allows pages only where one asks, keeps no note of that (Vary), and may be cached.
    'with-origin': (response, rest, request) => {
      response.removeHeader(ALLOW)
      response.setHeader('cache-control', 'public, max-age=3600')
      const { origin } = request.headers
      if (origin !== undefined) response.setHeader(ALLOW, origin)
      send(response, rest, request)
    },
    ended: (response, rest) => refuse(response, Number(rest)),
    // Only what is given out whole is for pages to read.
    'ended-bare': (response, rest) => {
      response.removeHeader(ALLOW)
      refuse(response, Number(rest))
    },
    'picture-bare': (response, rest, request) => {
      response.removeHeader(ALLOW)
      send(response, rest, request)
    },
    page: (response) =>
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>Sign in</title><p>Your session has ended.'),
    'page-as-png': (response) =>
      response.setHeader('content-type', 'image/png').end('<html><body>Not here any more.'),
    json: (response) =>
      response.setHeader('content-type', 'application/json').end('{"error":"InvalidJWT"}'),
    empty: (response) => response.setHeader('content-type', 'image/png').end(),
    'no-content': (response) => response.writeHead(204).end(),
    // Ends as if all of it had come.
    half: (response) => {
      response.setHeader('content-type', 'image/png')
      response.end(picture.subarray(0, picture.length / 2))
    },
    busy: (response) => response.writeHead(503).end(),
  }

  const tasks: Options['tasks'] = {
    'with-origin': (url) =>
      doneTask([
        file(url, '/with-origin/1', 'one.png', { thumbnailLink: `${url}/with-origin/1` }),
        file(url, '/with-origin/2', 'two.png', { thumbnailLink: `${url}/with-origin/2` }),
      ]),
    ...Object.fromEntries(
      ENDS.flatMap((status) =>
        ['ended', 'ended-bare'].map((kind) => [
          `${kind}-${status}`,
          (url: string, earlier: number) =>
            doneTask([file(url, earlier === 0 ? `/${kind}/${status}` : '/picture/2', 'ended.png')]),
        ]),
      ),
    ),
    wrong: (url) =>
      doneTask(
        WRONG.map(([kind]) => file(url, `/${kind}/1`, `${kind}.png`)).concat(
          file(url, '/picture/1', 'fine.png'),
        ),
      ),
    five: (url) =>
      doneTask(Array.from({ length: 5 }, (_, n) => file(url, `/picture/${n}`, `five-${n}.png`))),
  }
  return { tasks, routes }
}

/** What hosts send instead of an image, and what the card says of it. */
export const WRONG = [
  ['page', /other than an image/],
  ['page-as-png', /other than an image/],
  ['json', /other than an image/],
  ['empty', /empty file/],
  ['no-content', /empty file/],
  ['half', /before its end/],
  ['busy', /answered 503/],
] as const
