import { rmSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { parseTask } from '../../core/api/wire.ts'
import {
  type CheckedRequest,
  type Expected,
  held,
  NON_CONFORMING,
} from '../../test/openapi/assert-contract.ts'
import type { Database } from '../database.ts'
import { openDatabase } from '../node/database.ts'
import { responseHeaders } from '../proxy/upstream.ts'
import { openDataDir, pathsIn } from './data-dir.ts'
import { DEMO_NAMES, type DemoName } from './demos.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
import { createAccounts } from './store/accounts.ts'
import { MIGRATIONS } from './store/schema.ts'
import { createTasks, type NewTask } from './store/tasks.ts'

/* Test helpers. Not part of the program. */

export const ORIGIN = 'http://cloud.test'

/** Removed when the test ends. */
export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'loupe-sandbox-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}

export interface Fixture {
  readonly dir: string
  readonly db: Database
  readonly sandbox: Sandbox
}

/** Time of the test sandboxes' first start. */
export const NOW = 1_800_000_000_000

/** The contract's kind of status response for this task; null for none. */
function expectedOf(taskId: string, status: number): Expected | null {
  const [, kind, name = ''] = /^(sentinel|recording)-([^~]*)/.exec(taskId) ?? []
  if (kind === undefined) return 'sandbox'
  // A recording returns whatever the test put into it.
  if (kind === 'recording') return null
  // Without a key or quota the request did not reach the sentinel.
  const refused = status === 400 || status === 429
  return name in NON_CONFORMING && !refused ? 'outside' : 'relayed'
}

/** Checks a sandbox response against the contract, with the headers that the API layer adds. */
export async function heldAnswer(
  response: Response,
  asked: CheckedRequest,
  taskId = '',
): Promise<Response> {
  const headers = responseHeaders(response.headers)
  headers.set('cache-control', 'no-store')
  const { body, status } = response.clone()
  const expected = expectedOf(taskId, status)
  if (expected !== null) await held(new Response(body, { status, headers }), asked, expected)
  return response
}

/** The same sandbox, with every response except files checked against the contract. */
const heldSandbox = (sandbox: Sandbox): Sandbox => ({
  ...sandbox,
  async fetch(request) {
    const { method, url } = request
    const path = new URL(url).pathname
    // Any other body may be large, or never end.
    const isStatusRequest = path === '/get-task-status'
    const requestBody = isStatusRequest ? await request.clone().text() : ''
    const response = await sandbox.fetch(request)
    if (/^\/(?:files|samples|uploads)\//.test(path)) return response
    const [, taskId = ''] = /"taskId":"([^"]*)"/.exec(requestBody) ?? []
    return heldAnswer(response, { method, path }, taskId)
  },
})

let template: Promise<string> | undefined

/** A sandbox just after its first start: created once per process, then copied. */
async function makeTemplate(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loupe-template-'))
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }))
  const sandbox = heldSandbox(await createSandbox({ dataDir, pace: 100, now: () => NOW }))
  await ask(sandbox, await idOf(sandbox, 'failed'))
  const running = await idOf(sandbox, 'running')
  await vi.waitFor(
    async () => expect((await askAndRead(sandbox, running)).data.status).toBe('ENHANCING'),
    { timeout: 10_000 },
  )
  await sandbox.close()
  return dataDir
}

/** A sandbox whose queue stands still (set `pace`), and a second connection to its database. */
export async function openSandbox(options: Partial<SandboxOptions> = {}): Promise<Fixture> {
  const dir = options.dataDir ?? (await temporaryDir())
  if (options.dataDir === undefined) {
    template ??= makeTemplate()
    const filter = (path: string) => !/-(wal|shm)$/.test(path)
    await cp(await template, dir, { recursive: true, filter })
  }
  const own = { pace: 100, now: () => NOW, ...options, dataDir: dir }
  const sandbox = heldSandbox(await createSandbox(own))
  const db = openDatabase(pathsIn(dir).database, MIGRATIONS)
  onTestFinished(async () => {
    db.close()
    await sandbox.close()
  })
  return { dir, db, sandbox }
}

export const get = (sandbox: Sandbox, url: string, method = 'GET'): Promise<Response> =>
  sandbox.fetch(new Request(new URL(url, ORIGIN), { method }))

export const post = (sandbox: Sandbox, path: string, body: string, key?: string) =>
  sandbox.fetch(
    new Request(new URL(path, ORIGIN), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'x-api-key': key }),
      },
      body,
    }),
  )

export const ask = (sandbox: Sandbox, taskId: string, key = sandbox.key): Promise<Response> =>
  post(sandbox, '/get-task-status', JSON.stringify({ data: { taskId } }), key)

export interface Listing {
  readonly key: string
  readonly tasks: {
    id: string
    demo: string
    title: string
    says: string
    createdAt: number
    source: { name: string; width: number; height: number; thumb: string }
  }[]
  readonly sentinels: { id: string; says: string }[]
  readonly recordings: { id: string; says: string }[]
  readonly balance: number
  readonly ledger: { taskId: string; credits: number; at: number }[]
  readonly requests: number
  readonly requestsByTask: Record<string, number>
}

export const list = async (sandbox: Sandbox): Promise<Listing> =>
  (await get(sandbox, '/sandbox')).json() as Promise<Listing>

/** The ID of a demo task of the first start. */
export const idOf = async (sandbox: Sandbox, demo: DemoName): Promise<string> =>
  (await list(sandbox)).tasks.slice(-DEMO_NAMES.length)[DEMO_NAMES.indexOf(demo)]?.id ?? ''

/** The response fields that tests use. */
export interface StatusData {
  readonly status?: string
  readonly progress?: string
  readonly creditsDeducted?: boolean
  readonly error?: string
  readonly files?: readonly { readonly createdAt?: number }[]
}

/** The response's body as it is, and as the dashboard parses it. */
export async function askAndRead(sandbox: Sandbox, taskId: string) {
  const response = await ask(sandbox, taskId)
  const body = (await response.json()) as { status: string; data: StatusData }
  const read = parseTask(body)
  if (response.status !== 200 || !read.ok) throw new Error(`no task: ${JSON.stringify(body)}`)
  return { data: body.data, task: read.value }
}

export async function startDemo(sandbox: Sandbox, demo: string): Promise<string> {
  const response = await post(sandbox, '/sandbox/tasks', JSON.stringify({ demo }))
  return ((await response.json()) as { id: string }).id
}

/** A small task of six strips. */
export const smallTask = (id: string, change: Partial<NewTask> = {}): NewTask => ({
  id,
  accountId: 1,
  demo: 'running',
  listing: 1,
  paced: true,
  held: false,
  price: 10,
  model: 'upscayl-standard-4x',
  scale: 2,
  saveImageAs: 'png',
  compression: 0,
  enhanceFace: false,
  createdAt: 1_700_000_000_000,
  expiresAt: null,
  files: [
    {
      id: `file-of-${id}`,
      originalName: 'small.png',
      picture: 'dunes',
      seed: 1,
      width: 48,
      height: 30,
      damaged: false,
      stripRows: 5,
      ...{ storedName: null, sourceSize: null, error: null },
    },
  ],
  ...change,
})

/** An empty database with one account. */
export async function openStore() {
  const paths = pathsIn(await temporaryDir())
  const db = await openDataDir(paths)
  onTestFinished(() => db.close())
  const accounts = createAccounts(db)
  accounts.ensure('you', 25)
  return { paths, db, accounts, tasks: createTasks(db) }
}
