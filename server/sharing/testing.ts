import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Visibility } from '../../core/api/visibility.ts'
import { fullQuota } from '../../core/quota/quota.ts'
import { type Expected, withContractChecks } from '../../test/openapi/assert-contract.ts'
import { createApi, type Stores } from '../api.ts'
import { NO_STORES } from '../create-server.ts'
import type { LogRecord } from '../http/log.ts'
import { openSharing } from '../node/open-stores.ts'
import type { KeyState } from '../proxy/key-store.ts'
import type { Upstream } from '../proxy/upstream.ts'
import type { Sharing } from './share-route.ts'

/* Test helpers. Not part of the program. */

export const SECRET = 'secret-of-the-tests-0123456789abcdef'
export const KEY = 'upscayl_Key+7/42=do-not-tell'
export const START = Date.UTC(2026, 0, 1, 12)

/** Removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loupe-share-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Live links in a separate folder, closed when the test ends. */
export async function testSharing(shareSecrets = [SECRET], dataDir?: string): Promise<Sharing> {
  const { ciphers, store } = await openSharing({
    dataDir: dataDir ?? (await temporaryFolder()),
    shareSecrets,
  })
  let closed = false
  const close = () => {
    if (!closed) store.close()
    closed = true
  }
  onTestFinished(close)
  return { ciphers, store: { ...store, close } }
}

export const task = (change: Record<string, unknown> = {}): Response =>
  Response.json({
    status: 'success',
    data: { status: 'ENHANCING', progress: '10', files: [], ...change },
  })

export interface Stage {
  readonly sharing: Sharing
  /** Moves the clock. */
  readonly pass: (ms: number) => void
  readonly now: () => number
  /** Requests that arrived upstream. */
  readonly asked: { readonly key: string | null; readonly body: string }[]
  readonly logged: LogRecord[]
  readonly request: (path: string, init?: RequestInit) => Promise<Response>
  readonly share: (order?: Record<string, unknown>, key?: string) => Promise<GivenShare>
  readonly view: (token: string) => Promise<Response>
}

export interface GivenShare {
  readonly id: string
  readonly url: string
  readonly token: string
  readonly taskId: string
  readonly createdAt: number
  readonly endsAt: number
  readonly shown: Visibility
}

interface StageOptions {
  readonly sharing?: Sharing
  readonly expected?: Expected
  /** Whether the API accepted all keys before. */
  readonly accepted?: boolean
}

/** Stores with this state for every key, which save nothing. */
export const storesOf = (state: KeyState): Stores => ({
  ...NO_STORES,
  keys: { ...NO_STORES.keys, get: () => state },
})

export const OPEN = { credits: true, links: true }

/** The API with a controlled clock, in front of an upstream that records its requests. */
export async function openStage(
  upstream: Upstream = async () => task(),
  { sharing, expected, accepted = true }: StageOptions = {},
): Promise<Stage> {
  const own = sharing ?? (await testSharing())
  const asked: { key: string | null; body: string }[] = []
  const logged: LogRecord[] = []
  let at = START
  const now = () => at
  const gateway = createApi({
    upstream: async (request) => {
      asked.push({ key: request.headers.get('x-api-key'), body: await request.clone().text() })
      return upstream(request)
    },
    timeoutMs: 5000,
    sandbox: false,
    sharing: own,
    stores: storesOf({ quota: fullQuota(), accepted }),
    now,
    log: (record) => logged.push(record),
  })
  const app = withContractChecks(gateway, expected)
  const request = (path: string, init?: RequestInit) =>
    app.request(`http://loupe.test${path}`, init)
  return {
    sharing: own,
    pass: (ms) => {
      at += ms
    },
    now,
    asked,
    logged,
    request,
    async share(order = {}, key = KEY) {
      const response = await request('/share', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify({ taskId: 'a-task', shown: OPEN, ...order }),
      })
      if (response.status !== 201) throw new Error(await response.text())
      const given = (await response.json()) as Omit<GivenShare, 'token'>
      return { ...given, token: given.url.slice('/s/'.length) }
    },
    view: (token) => request('/shared', { headers: { authorization: `Bearer ${token}` } }),
  }
}

/** The encodings in which a key may appear. */
export function spellingsOf(key: string): string[] {
  const bytes = Buffer.from(key)
  const base64 = [0, 1, 2].map((before) =>
    // The part that doesn't depend on the bytes before and after.
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3)),
  )
  return [
    key,
    encodeURIComponent(key),
    JSON.stringify(key).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}
