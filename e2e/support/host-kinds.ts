import type { ServerResponse } from 'node:http'
import type { FileRoute, startFileHost } from './file-host.ts'
import { doneTask } from './file-host.ts'

/* Hosts of files as public reports describe them: how they end links, answer pages, and fail. */

type Options = Parameters<typeof startFileHost>[0]

/** By which hosts end a link. */
export const ENDS = [400, 401, 403, 404, 410, 409] as const

const ALLOW = 'access-control-allow-origin'
const XML = `<?xml version="1.0"?><Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>`

/** What each answer signs anew is good for so many files. */
export const GOOD_FOR = 4
export const FORTY = 40

/** `send` gives out the one picture of these hosts. */
export function hostKinds(send: FileRoute, picture: Buffer): Options {
  const file = (url: string, path: string, name: string, fields: object = {}) => ({
    originalFileName: name,
    fileType: 'image/png',
    dimensions: { width: 64, height: 48 },
    downloadLink: path === '' ? null : `${url}${path}`,
    ...fields,
  })
  const gated: ServerResponse[] = []
  /** By the number of the answer: how often its links were followed. */
  const followed = new Map<string, number>()
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
    'short-lived': (response, rest, request) => {
      const answer = new URLSearchParams(rest.split('?')[1]).get('answer') ?? ''
      const before = followed.get(answer) ?? 0
      followed.set(answer, before + 1)
      if (before >= GOOD_FOR) refuse(response, 403)
      else send(response, rest, request)
    },
    // Goes on when it is released.
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
