import { access, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished, vi } from 'vitest'
import { readTask } from '../../src/upscayl/wire.ts'
import { type Database, openDatabase } from '../database.ts'
import { responseHeaders } from '../gateway/headers.ts'
import { type Asked, type Expected, held, OUTSIDE } from '../held-to-contract.ts'
import { pathsIn } from './data-dir.ts'
import { DEMO_NAMES, type DemoName } from './demos.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
import { createAccounts } from './store/accounts.ts'
import { MIGRATIONS } from './store/schema.ts'
import { createTasks, type NewTask } from './store/tasks.ts'

/* What several tests need. No part of the program. */

export const ORIGIN = 'http://cloud.test'

/** Removed when the test that asked for it ends. */
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

/** When the sandboxes of the tests were first started. */
export const NOW = 1_800_000_000_000

/** What the contract expects of an answer to a question for this task; null for nothing. */
function expectedOf(taskId: string, status: number): Expected | null {
  const [, kind, name = ''] = /^(sentinel|recording)-([^~]*)/.exec(taskId) ?? []
  if (kind === undefined) return 'sandbox'
  // A recording answers whatever the test put into it.
  if (kind === 'recording') return null
  // Without a key or an allowance the sentinel was not asked.
  const refused = status === 400 || status === 429
  return name in OUTSIDE && !refused ? 'outside' : 'relayed'
}

/** Holds an answer of the sandbox to the contract, with the headers that the gateway gives it. */
export async function heldAnswer(answer: Response, asked: Asked, taskId = ''): Promise<Response> {
  const headers = responseHeaders(answer.headers)
  headers.set('cache-control', 'no-store')
  const { body, status } = answer.clone()
  const expected = expectedOf(taskId, status)
  if (expected !== null) await held(new Response(body, { status, headers }), asked, expected)
  return answer
}

/** The same sandbox; its every answer that is not a file is held to the contract. */
const heldSandbox = (sandbox: Sandbox): Sandbox => ({
  ...sandbox,
  async fetch(request) {
    const { method, url } = request
    const path = new URL(url).pathname
    // A form may be large, or never end.
    const isQuestion = method === 'POST' && path !== '/start-task'
    const question = isQuestion ? await request.clone().text() : ''
    const answer = await sandbox.fetch(request)
    if (/^\/(?:files|samples)\//.test(path)) return answer
    const [, taskId = ''] = /"taskId":"([^"]*)"/.exec(question) ?? []
    return heldAnswer(answer, { method, path }, taskId)
  },
})

let template: Promise<string> | undefined

/** A sandbox just after its first start: made once a test file, then copied. */
async function makeTemplate(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loupe-template-'))
  const sandbox = heldSandbox(await createSandbox({ dataDir, pace: 100, now: () => NOW }))
  await ask(sandbox, await idOf(sandbox, 'failed'))
  await vi.waitFor(() => access(join(dataDir, 'work')), { timeout: 10_000 })
  await sandbox.close()
  return dataDir
}

afterAll(async () => {
  if (template !== undefined) await rm(await template, { recursive: true, force: true })
})

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
  readonly tasks: { id: string; demo: string; title: string; says: string; createdAt: number }[]
  readonly sentinels: { id: string; says: string }[]
  readonly recordings: { id: string; says: string }[]
  readonly balance: number
  readonly ledger: { taskId: string; credits: number; at: number }[]
  readonly requests: number
  readonly requestsByTask: Record<string, number>
}

export const list = async (sandbox: Sandbox): Promise<Listing> =>
  (await get(sandbox, '/sandbox')).json() as Promise<Listing>

/** The id of a demo task of the first start. */
export const idOf = async (sandbox: Sandbox, demo: DemoName): Promise<string> =>
  (await list(sandbox)).tasks.slice(-DEMO_NAMES.length)[DEMO_NAMES.indexOf(demo)]?.id ?? ''

/** The fields of an answer that tests name. */
export interface StatusData {
  readonly status?: string
  readonly progress?: string
  readonly creditsDeducted?: boolean
  readonly error?: string
  readonly files?: readonly { readonly createdAt?: number }[]
}

/** The answer's body as it is, and as the dashboard reads it. */
export async function askAndRead(sandbox: Sandbox, taskId: string) {
  const response = await ask(sandbox, taskId)
  const body = (await response.json()) as { status: string; data: StatusData }
  const read = readTask(body)
  if (response.status !== 200 || !read.ok) throw new Error(`no task: ${JSON.stringify(body)}`)
  return { data: body.data, task: read.value }
}

export async function startDemo(sandbox: Sandbox, demo: string): Promise<string> {
  const response = await post(sandbox, '/sandbox/tasks', JSON.stringify({ demo }))
  return ((await response.json()) as { id: string }).id
}

/** The smallest task that is worth a worker's while: six strips. */
export const smallTask = (id: string, change: Partial<NewTask> = {}): NewTask => ({
  id,
  accountId: 1,
  demo: 'running',
  listing: 1,
  paced: true,
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
    },
  ],
  ...change,
})

/** An empty database with one account. */
export async function openStore() {
  const paths = pathsIn(await temporaryDir())
  const db = openDatabase(paths.database, MIGRATIONS)
  onTestFinished(() => db.close())
  const accounts = createAccounts(db)
  accounts.ensure('you', 25)
  return { paths, db, accounts, tasks: createTasks(db) }
}
