import * as v from 'valibot'
import { parseJson } from '../lib/parse-json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { TaskId } from './task-id.ts'
import { instant, taskIdSchema } from './task-schema.ts'

/*
 * Live links, which Loupe's own server makes and opens. No question of the API is asked here; the
 * server asks on behalf of all who look.
 */

export interface ShareOrder {
  readonly taskId: TaskId
  /** How long it can be opened: above 0, at most 720. */
  readonly hours: number
  readonly shown: Share['shown']
}

/** The server's own limit for an answer of the API is shorter. */
const TIMEOUT_MS = 20_000

/** Why a live link could not be made, listed, revoked or opened. */
export type ShareError =
  | { readonly kind: 'network' }
  /** No server of Loupe answers here, or one that cannot keep live links. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'too-many' }
  /** The server does not know it, or it is another key's. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'refused'; readonly message: string }

const shown = v.object({ credits: v.boolean(), links: v.boolean() })
const share = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{16}$/)),
  /** Of this origin: `/s/<token>`. */
  url: v.pipe(v.string(), v.regex(/^\/s\/[\w-]{1,2048}$/)),
  taskId: taskIdSchema,
  /** Epoch milliseconds by the server's clock, as all times here. */
  createdAt: instant,
  endsAt: instant,
  shown,
})
const shares = v.object({ shares: v.array(share) })
const sharedTask = v.object({
  taskId: taskIdSchema,
  /** Unread: recordSchema of polling is its door. Its times are by the server's clock. */
  record: v.unknown(),
  shown,
  endsAt: instant,
  /** What the server's clock read. */
  now: instant,
  /** When to come back; null when nothing new is to be expected. */
  nextInMs: v.nullable(v.pipe(v.number(), v.minValue(0))),
})
const problem = v.object({ error: v.string(), message: v.string() })

export type Share = v.InferOutput<typeof share>
export type SharedTask = v.InferOutput<typeof sharedTask>

/** Never rejects, as none of these. */
export const createShare = (key: string, order: ShareOrder): Promise<Result<Share, ShareError>> =>
  send(share, '/api/share', key, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(order),
  })

/** The key's own links that can still be opened, the newest first. */
export async function getShares(key: string): Promise<Result<readonly Share[], ShareError>> {
  const answer = await send(shares, '/api/share', key)
  return answer.ok ? ok(answer.value.shares) : answer
}

/** Once more changes nothing. */
export const revokeShare = (key: string, id: string): Promise<Result<null, ShareError>> =>
  send(v.null(), `/api/share/${encodeURIComponent(id)}`, key, { method: 'DELETE' })

/** How the task of a link stands; `token` is what follows `/s/`. */
export async function getShared(token: string): Promise<Result<SharedTask, ShareError>> {
  // What no header can hold is no token.
  if (!/^[\w-]+$/.test(token)) return err({ kind: 'unknown' })
  const answer = await call('/api/shared', { headers: { Authorization: `Bearer ${token}` } })
  return answer.ok ? read(sharedTask, answer.value) : answer
}

async function send<T>(
  schema: v.GenericSchema<unknown, T>,
  path: string,
  key: string,
  init: RequestInit = {},
): Promise<Result<T, ShareError>> {
  const answer = await call(path, { ...init, headers: { ...init.headers, 'X-API-Key': key } })
  return answer.ok ? read(schema, answer.value) : answer
}

interface Reply {
  readonly status: number
  /** Null for none, undefined for what is no JSON. */
  readonly body: unknown
}

async function call(
  path: string,
  init: RequestInit = {},
): Promise<Result<Reply, { readonly kind: 'network' }>> {
  try {
    const response = await fetch(path, {
      ...init,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await response.text()
    return ok({ status: response.status, body: response.status === 204 ? null : parseJson(text) })
  } catch {
    return err({ kind: 'network' })
  }
}

function read<T>(
  schema: v.GenericSchema<unknown, T>,
  { status, body }: Reply,
): Result<T, ShareError> {
  if (status >= 200 && status < 300) {
    const answer = v.safeParse(schema, body)
    return answer.success ? ok(answer.output) : err({ kind: 'unavailable' })
  }
  const told = v.safeParse(problem, body)
  if (!told.success) return err({ kind: 'unavailable' })
  const { error, message } = told.output
  const kind = KINDS.get(error)
  return err(kind === undefined ? { kind: 'refused', message } : { kind })
}

const KINDS: ReadonlyMap<string, Exclude<ShareError['kind'], 'refused'>> = new Map([
  // Another server of ours, without live links.
  ['NOT_FOUND', 'unavailable'],
  ['SHARE_UNAVAILABLE', 'unavailable'],
  ['SHARE_TOO_MANY', 'too-many'],
  ['SHARE_UNKNOWN', 'unknown'],
  ['SHARE_ENDED', 'ended'],
  ['SHARE_REVOKED', 'revoked'],
])
