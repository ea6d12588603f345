import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { held } from '../held-to-contract.ts'
import { spellingsOf } from '../share/testing.ts'
import { KNOWN_TASK, type OpenServer, type TestServer, type TestUpstream } from './server.ts'
import { openUpstream } from './upstream.ts'

export const ORIGIN = 'http://loupe.test'
export const INDEX = '<!doctype html><title>Loupe</title>'
export const ASSET = '/assets/index-BxY12345.js'
const SCRIPT = 'export const loupe = 1\n'

export interface Link {
  readonly id: string
  readonly url: string
  readonly taskId: string
  readonly endsAt: number
}

/** A server with an API before it, and what tests do with them. */
export interface Stage extends TestServer {
  readonly upstream: TestUpstream
  /** Where the server keeps what it keeps. */
  readonly folder: string
  /** With a question about `taskId`, as the dashboard asks it. */
  readonly ask: (key: string, taskId: string) => Promise<Response>
  /** With a key that the API took before. */
  readonly share: (key: string, taskId: string, hours?: number) => Promise<Link>
  readonly view: (link: Link, signal?: AbortSignal) => Promise<Response>
  /** Ids of the links that this key has. */
  readonly linksOf: (key: string) => Promise<string[]>
}

const keys: string[] = []

/** Those spellings of all keys that are in a text. */
export const keysIn = (text: string): string[] =>
  keys.flatMap(spellingsOf).filter((spelling) => text.includes(spelling))

/** One that nobody had before, so that no test meets what another left. */
export function newKey(): string {
  const key = `upscayl_Key+7/${randomUUID()}`
  keys.push(key)
  return key
}

export async function openStage(
  open: OpenServer,
  { shareSecret = 'share-secret-of-the-tests-0123456789abcdef' as string | null } = {},
): Promise<Stage> {
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

  /** Every answer under /api is held to the contract, and has no key in it. */
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

/** A promise that the test resolves. */
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
    { error, message: expect.stringMatching(/\.$/) },
  ])
}

/** From here on a question is a failure: the answer to it is a fault of the API. */
export const nothingAsked = ({ upstream }: Stage): void =>
  upstream.answer(() => new Response('This must not be asked.', { status: 500 }))

/** For vi.waitFor: only for what hangs. */
export const MOST_WAIT = 50_000
