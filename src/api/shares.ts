import * as v from 'valibot'
import { instant } from '../../core/api/task.ts'
import { type TaskId, taskIdSchema } from '../../core/api/task-id.ts'
import { visibilitySchema } from '../../core/api/visibility.ts'
import { parseJson } from '../../core/lib/parse-json.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { reportNoResponse } from './server-signals.ts'

/*
 * Live links, which Loupe's own server creates and opens. This module sends no requests to the API; the
 * server sends them on behalf of all viewers.
 */

export interface ShareOrder {
  readonly taskId: TaskId
  /** Lifetime in hours: above 0, at most 720. */
  readonly hours: number
  readonly shown: Share['shown']
  /** Data URLs of small images, one per file; null where there is none. */
  readonly previews: readonly (string | null)[]
}

/** Longer than the server's own timeout for the API. */
const TIMEOUT_MS = 20_000

/** Why a live link could not be created, listed, revoked or opened. */
export type ShareError =
  | { readonly kind: 'network' }
  /** There is no Loupe server, or it cannot store live links. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'too-many' }
  /** The server does not know the link, or it belongs to another key. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'refused'; readonly message: string }

const share = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{16}$/)),
  /** Path on this origin: `/s/<token>`. */
  url: v.pipe(v.string(), v.regex(/^\/s\/[\w-]{1,2048}$/)),
  taskId: taskIdSchema,
  /** Epoch milliseconds by the server's clock, like all times here. */
  createdAt: instant,
  endsAt: instant,
  shown: visibilitySchema,
  /** Whether it has small images. */
  previews: v.optional(v.boolean(), false),
})
const shares = v.object({ shares: v.array(share) })
const sharedTask = v.object({
  taskId: taskIdSchema,
  /** Not parsed here; recordSchema does that. Its times are by the server's clock. */
  record: v.unknown(),
  shown: visibilitySchema,
  endsAt: instant,
  /** Time by the server's clock. */
  now: instant,
  /** When to poll again, in ms; null if nothing new is expected. */
  nextInMs: v.nullable(v.pipe(v.number(), v.minValue(0))),
})
/** Only images: another URL would load, and tell its host who looks. */
const preview = v.pipe(v.string(), v.regex(/^data:image\/(?:webp|png|jpeg);base64,[\w+/=]+$/))
const previews = v.object({ previews: v.array(v.nullable(preview)) })
const problem = v.object({ error: v.string(), message: v.string() })

export type Share = v.InferOutput<typeof share>
export type SharedTask = v.InferOutput<typeof sharedTask>

/** Like all functions here, never rejects. */
export const createShare = (key: string, order: ShareOrder): Promise<Result<Share, ShareError>> =>
  send(share, '/api/share', key, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(order),
  })

/** The key's active links, newest first. */
export async function getShares(key: string): Promise<Result<readonly Share[], ShareError>> {
  const response = await send(shares, '/api/share', key)
  return response.ok ? ok(response.value.shares) : response
}

/** Idempotent. */
export const revokeShare = (key: string, id: string): Promise<Result<null, ShareError>> =>
  send(v.null(), `/api/share/${encodeURIComponent(id)}`, key, { method: 'DELETE' })

/** Current state of a link's task; `token` is the part after `/s/`. */
export const getShared = (token: string): Promise<Result<SharedTask, ShareError>> =>
  open(sharedTask, '/api/shared', token)

/** Small images of a link's task, in the order of its files. */
export async function getPreviews(
  token: string,
): Promise<Result<readonly (string | null)[], ShareError>> {
  const response = await open(previews, '/api/shared/previews', token)
  return response.ok ? ok(response.value.previews) : response
}

async function open<T>(
  schema: v.GenericSchema<unknown, T>,
  path: string,
  token: string,
): Promise<Result<T, ShareError>> {
  // Other characters would be invalid in the header.
  if (!/^[\w-]+$/.test(token)) return err({ kind: 'unknown' })
  const response = await call(path, { headers: { Authorization: `Bearer ${token}` } })
  return response.ok ? read(schema, response.value) : response
}

async function send<T>(
  schema: v.GenericSchema<unknown, T>,
  path: string,
  key: string,
  init: RequestInit = {},
): Promise<Result<T, ShareError>> {
  const response = await call(path, { ...init, headers: { ...init.headers, 'X-API-Key': key } })
  return response.ok ? read(schema, response.value) : response
}

interface ServerResponse {
  readonly status: number
  /** Null for none, undefined for invalid JSON. */
  readonly body: unknown
}

async function call(
  path: string,
  init: RequestInit = {},
): Promise<Result<ServerResponse, { readonly kind: 'network' }>> {
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
    await reportNoResponse()
    return err({ kind: 'network' })
  }
}

function read<T>(
  schema: v.GenericSchema<unknown, T>,
  { status, body }: ServerResponse,
): Result<T, ShareError> {
  if (status >= 200 && status < 300) {
    const parsed = v.safeParse(schema, body)
    return parsed.success ? ok(parsed.output) : err({ kind: 'unavailable' })
  }
  const parsed = v.safeParse(problem, body)
  // A proxy whose Loupe server restarts, not a static host.
  const isPassing = status === 429 || (status >= 500 && status !== 501)
  if (!parsed.success) return err({ kind: isPassing ? 'network' : 'unavailable' })
  const { error, message } = parsed.output
  const kind = KINDS.get(error)
  return err(kind === undefined ? { kind: 'refused', message } : { kind })
}

const KINDS: ReadonlyMap<string, Exclude<ShareError['kind'], 'refused'>> = new Map([
  // A Loupe server without live links.
  ['NOT_FOUND', 'unavailable'],
  ['SHARE_UNAVAILABLE', 'unavailable'],
  ['SHARE_TOO_MANY', 'too-many'],
  ['SHARE_UNKNOWN', 'unknown'],
  ['SHARE_ENDED', 'ended'],
  ['SHARE_REVOKED', 'revoked'],
])
