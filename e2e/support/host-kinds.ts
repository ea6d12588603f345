import type { ServerResponse } from 'node:http'
import type { FileRoute, startFileHost } from './file-host.ts'
import { doneTask } from './file-host.ts'

/* File hosts as public reports describe them: how they expire links, return pages, and fail. */

type Options = Parameters<typeof startFileHost>[0]

/** Statuses that hosts return for expired links. */
export const ENDS = [400, 401, 403, 404, 410, 409] as const

const ALLOW = 'access-control-allow-origin'
const XML = `<?xml version="1.0"?><Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>`

/** Number of downloads after which the links of a response are rejected. */
export const GOOD_FOR = 4
export const FORTY = 40

/** `send` returns the one image of these hosts. */
export function hostKinds(send: FileRoute, picture: Buffer): Options {
  const file = (url: string, path: string, name: string, fields: object = {}) => ({
    originalFileName: name,
    fileType: 'image/png',
    dimensions: { width: 64, height: 48 },
    downloadLink: path === '' ? null : `${url}${path}`,
    ...fields,
  })
  const gated: ServerResponse[] = []
  /** Downloads so far, by response number. */
  const downloads = new Map<string, number>()
  const refuse = (response: ServerResponse, status: number) =>
    response.writeHead(status, { 'content-type': 'application/xml' }).end(XML)

  const routes: Options['routes'] = {
    // Sends CORS headers only if there is an Origin, without `Vary`, and is cacheable.
    'with-origin': (response, rest, request) => {
      response.removeHeader(ALLOW)
      response.setHeader('cache-control', 'public, max-age=3600')
      const { origin } = request.headers
      if (origin !== undefined) response.setHeader(ALLOW, origin)
      send(response, rest, request)
    },
    ended: (response, rest) => refuse(response, Number(rest)),
    // Only successful responses are readable by pages.
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
    // Ends normally, although half of the file is missing.
    half: (response) => {
      response.setHeader('content-type', 'image/png')
      response.end(picture.subarray(0, picture.length / 2))
    },
    busy: (response) => response.writeHead(503).end(),
    'short-lived': (response, rest, request) => {
      const responseId = new URLSearchParams(rest.split('?')[1]).get('answer') ?? ''
      const before = downloads.get(responseId) ?? 0
      downloads.set(responseId, before + 1)
      if (before >= GOOD_FOR) refuse(response, 403)
      else send(response, rest, request)
    },
    // Continues when it is released.
    gated: (response) => {
      response.setHeader('content-type', 'image/png')
      response.setHeader('content-length', picture.length)
      response.write(picture.subarray(0, 100))
      gated.push(response)
    },
    release: (response) => {
      for (const one of gated.splice(0)) one.end(picture.subarray(100))
      response.end()
    },
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
    partly: (url) =>
      doneTask([
        file(url, '/picture/1', 'fine.png'),
        file(url, '', 'linkless.png'),
        file(url, '/ended/410', 'dead.png'),
        file(url, '/picture/1?Expires=1700000000', 'over.png'),
        file(url, '/page/1', 'page.png'),
        file(url, '/empty/1', 'empty.png'),
        file(url, '/half/1', 'half.png'),
        file(url, '/picture-bare/1', 'closed.png'),
      ]),
    forty: (url, earlier) =>
      doneTask(
        Array.from({ length: FORTY }, (_, n) =>
          file(url, `/short-lived/${n}?answer=forty-${earlier}`, `scan-${n}.png`, {
            path: `users/1/scan-${n}.png`,
          }),
        ),
      ),
    gated: (url) => doneTask([file(url, '/gated/1', 'gated.png')]),
    'gated-two': (url) =>
      doneTask([file(url, '/picture/1', 'first.png'), file(url, '/gated/1', 'second.png')]),
    five: (url) =>
      doneTask(Array.from({ length: 5 }, (_, n) => file(url, `/picture/${n}`, `five-${n}.png`))),
  }
  return { tasks, routes }
}

/** Responses that are no image, and the message on the card. */
export const WRONG = [
  ['page', /other than an image/],
  ['page-as-png', /other than an image/],
  ['json', /other than an image/],
  ['empty', /empty file/],
  ['no-content', /empty file/],
  ['half', /cut off after/],
  ['busy', /returned HTTP 503/],
] as const
