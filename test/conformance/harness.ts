import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { spellingsOf } from '../../server/sharing/testing.ts'
import { held } from '../openapi/assert-contract.ts'
import { KNOWN_TASK, type OpenServer, type TestServer, type TestUpstream } from './server.ts'
import { openUpstream } from './upstream.ts'

export const ORIGIN = 'http://loupe.test'
/** Names the hashes of a script and a style in it. */
export const INDEX = `<!doctype html><title>Loupe</title><meta http-equiv="Content-Security-Policy" content="script-src 'self' 'sha256-a='; style-src 'self' 'sha256-b='">`
export const ASSET = '/assets/index-BxY12345.js'
const SCRIPT = 'export const loupe = 1\n'

export interface Link {
  readonly id: string
  readonly url: string
  readonly taskId: string
  readonly endsAt: number
}

/** A server with a test API behind it, and test actions. */
export interface Harness extends TestServer {
  readonly upstream: TestUpstream
  /** The server's data folder. */
  readonly folder: string
  /** Sends a status request for `taskId`, like the dashboard. */
  readonly ask: (key: string, taskId: string) => Promise<Response>
  /** Creates a link with a key that the API has accepted. */
  readonly share: (key: string, taskId: string, hours?: number) => Promise<Link>
  readonly view: (link: Link, signal?: AbortSignal) => Promise<Response>
  /** IDs of the links of this key. */
  readonly linksOf: (key: string) => Promise<string[]>
}

const keys: string[] = []

/** All encodings of keys found in a text. */
export const keysIn = (text: string): string[] =>
  keys.flatMap(spellingsOf).filter((spelling) => text.includes(spelling))

/** A new key, so that tests don't affect each other. */
export function newKey(): string {
  const key = `upscayl_Key+7/${randomUUID()}`
  keys.push(key)
  return key
}

export async function createHarness(
  open: OpenServer,
  { shareSecret = 'share-secret-of-the-tests-0123456789abcdef' as string | null } = {},
): Promise<Harness> {
  const root = await mkdtemp(join(tmpdir(), 'loupe-behaviour-'))
  const [site, folder] = [join(root, 'site'), join(root, 'kept')]
  await mkdir(join(site, 'assets'), { recursive: true })
  await mkdir(folder)
  await writeFile(join(site, 'index.html'), INDEX)
  await writeFile(join(site, ASSET), SCRIPT)
  await writeFile(join(site, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')

  const upstream = await openUpstream()
  const server = await open({
    ...{ upstreamUrl: upstream.url, origin: ORIGIN, shareSecret, site, folder },
  })

  /** Checks every response under /api against the contract, and that it contains no key. */
  async function fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await server.fetch(path, init)
    const { pathname } = new URL(path, ORIGIN)
    const text = `${JSON.stringify([...response.headers])} ${await response.clone().text()}`
    expect(keysIn(text)).toEqual([])
    if (!pathname.startsWith('/api/')) return response
    return held(response, { method: init.method ?? 'GET', path: pathname.slice('/api'.length) })
  }

  const json = (key: string, body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify(body),
  })

  const ask = (key: string, taskId: string) =>
    fetch('/api/get-task-status', json(key, { data: { taskId } }))

  return {
    ...server,
    upstream,
    folder,
    fetch,
    ask,
    async share(key, taskId, hours = 24) {
      expect((await ask(key, KNOWN_TASK)).status).toBe(200)
      const shown = { credits: true, links: true }
      const response = await fetch('/api/share', json(key, { taskId, hours, shown }))
      expect(response.status).toBe(201)
      return (await response.json()) as Link
    },
    view: ({ url }, signal = new AbortController().signal) =>
      fetch('/api/shared', {
        headers: { authorization: `Bearer ${url.slice('/s/'.length)}` },
        signal,
      }),
    async linksOf(key) {
      const response = await fetch('/api/share', { headers: { 'x-api-key': key } })
      const { shares } = (await response.json()) as { shares: Link[] }
      return shares.map(({ id }) => id)
    },
    async close() {
      await server.close()
      await upstream.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

export const task = (change: Record<string, unknown> = {}): Response =>
  Response.json({
    status: 'success',
    data: { status: 'ENHANCING', progress: '10', files: [], ...change },
  })

/** A promise resolved by the test. */
export function gate<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((give) => {
    resolve = give
  })
  return { promise, resolve }
}

export async function expectProblem(
  response: Response,
  status: number,
  error: string,
): Promise<void> {
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect([response.status, await response.json()]).toEqual([
    status,
    { error, message: expect.stringMatching(/\.$/), by: 'loupe' },
  ])
}

/** From here on any upstream request fails the test: the API responds with an error. */
export const expectNothingSent = ({ upstream }: Harness): void =>
  upstream.respondWith(() => new Response('No request was expected.', { status: 500 }))

/** For vi.waitFor: reached only by hangs. */
export const MAX_WAIT = 50_000
