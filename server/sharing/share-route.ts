import type { Context, Handler, Hono } from 'hono'
import * as v from 'valibot'
import { taskIdSchema } from '../../core/api/task-id.ts'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import { redact } from '../../core/record/redact.ts'
import { problem } from '../http/problem.ts'
import { readApiKey, readJsonBody } from '../http/read-request.ts'
import { requestIdOf } from '../http/request-id.ts'
import { route } from '../http/route.ts'
import type { StatusCaches } from '../proxy/status-caches.ts'
import { readLink } from './read-link.ts'
import type { Share, ShareStore } from './share-store.ts'
import { asShareId, newShareId, type ShareId, type TokenCipher } from './share-token.ts'

/** Dependencies of live links. */
export interface Sharing {
  /** The first encrypts new links; each decrypts its own. */
  readonly ciphers: readonly [TokenCipher, ...TokenCipher[]]
  readonly store: ShareStore
}

type OpenLink = NonNullable<Awaited<ReturnType<typeof readLink>>>

export interface ShareRouteOptions {
  readonly sharing: Sharing
  readonly statusCaches: StatusCaches
  /** Epoch milliseconds. */
  readonly now: () => number
}

const MAX_REQUEST_BYTES = 256 * 1024
/** As many files as a list of one task shows without scrolling for long. */
const MAX_PREVIEWS = 40
const MAX_PREVIEW_LENGTH = 16_384
const DEFAULT_HOURS = 24
const MAX_HOURS = 30 * 24
/** Far more than anyone manages. */
const MAX_SHARES = 200

/** Maximum delay until a client's next view, because events of other tasks change the plan. */
const MAX_WAIT = MINUTE

/** Data URL of a small image: nothing that could load, run, or draw text. */
const preview = v.pipe(
  v.string(),
  v.maxLength(MAX_PREVIEW_LENGTH),
  v.regex(/^data:image\/(?:webp|png|jpeg);base64,[A-Za-z0-9+/]+={0,2}$/),
)

const shareRequest = v.strictObject({
  taskId: taskIdSchema,
  hours: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(MAX_HOURS)), DEFAULT_HOURS),
  shown: v.strictObject({ credits: v.boolean(), links: v.boolean() }),
  previews: v.optional(v.pipe(v.array(v.nullable(preview)), v.maxLength(MAX_PREVIEWS)), []),
})

/** Live links: created, listed and revoked with the sender's key, and opened with the link alone. */
export function routeShares(app: Hono, { sharing, statusCaches, now }: ShareRouteOptions): void {
  const { ciphers, store } = sharing
  const [primary] = ciphers

  /** The sender's view. The link is recreated from the stored share and the key in the request. */
  const listed = async (share: Share, key: string, cipher: TokenCipher) => {
    const { id, taskId, createdAt, endsAt, shown, previews } = share
    const token = await cipher.encrypt(id, { key, taskId, endsAt, shown })
    return { id, url: `/s/${token}`, taskId, createdAt, endsAt, shown, previews }
  }

  async function sharesOf(key: string) {
    const lists = await Promise.all(
      ciphers.map(async (cipher) => {
        const owned = store.ofOwner(await cipher.hashKey(key), now())
        return Promise.all(owned.map((share) => listed(share, key, cipher)))
      }),
    )
    return lists.flat().sort((a, b) => b.createdAt - a.createdAt)
  }

  async function create(c: Context): Promise<Response> {
    const key = readApiKey(c.req.raw.headers)
    if (key === null) return problem('KEY_UNUSABLE')
    const body = await readJsonBody(c.req.raw, MAX_REQUEST_BYTES)
    if (body instanceof Response) return body
    const parsed = v.safeParse(
      v.pipe(v.string(), v.parseJson(), shareRequest),
      new TextDecoder().decode(body),
    )
    if (!parsed.success) {
      const detail = `Expected taskId, shown: { credits, links }, and optionally hours (at most ${MAX_HOURS}) and previews (data URLs of small images).`
      return problem('BAD_REQUEST', {}, detail)
    }
    const { taskId, hours, shown, previews } = parsed.output
    const owner = await primary.hashKey(key)
    const createdAt = now()
    if (store.ofOwner(owner, createdAt).length >= MAX_SHARES) return problem('SHARE_TOO_MANY')
    // Checks neither the task nor an accepted key, because a status request may deduct credits and uses the
    // quota. For an unproven key it sends the request that the first viewer would have sent.
    const statusCache = statusCaches.of(key, c.req.url)
    if (!statusCache.keyAccepted()) {
      await statusCache.getStatus({ key, taskId, origin: c.req.url, requestId: requestIdOf(c) })
      if (!statusCache.keyAccepted()) return problem('SHARE_KEY_UNPROVEN')
    }
    const endsAt = Math.round(createdAt + hours * HOUR)
    const share = { id: newShareId(), owner, taskId, createdAt, endsAt, shown }
    if (!store.add(share, previews)) return problem('SHARE_FULL')
    const given = await listed({ ...share, previews: previews.length > 0 }, key, primary)
    return Response.json(given, { status: 201 })
  }

  async function list(c: Context): Promise<Response> {
    const key = readApiKey(c.req.raw.headers)
    return key === null ? problem('KEY_UNUSABLE') : Response.json({ shares: await sharesOf(key) })
  }

  async function revoke(c: Context): Promise<Response> {
    const key = readApiKey(c.req.raw.headers)
    if (key === null) return problem('KEY_UNUSABLE')
    const id = asShareId(c.req.param('id') ?? '')
    if (id === null) return problem('SHARE_UNKNOWN')
    const owners = await Promise.all(ciphers.map((cipher) => cipher.hashKey(key)))
    const revoked = owners.some((owner) => store.revoke(owner, id))
    return revoked ? new Response(null, { status: 204 }) : problem('SHARE_UNKNOWN')
  }

  /** The link of a request, if it can be opened now. */
  async function open(c: Context): Promise<OpenLink | Response> {
    const found = await readLink(c.req.raw.headers, ciphers)
    if (found === null) return problem('SHARE_UNKNOWN')
    if (found.grant.endsAt <= now()) return problem('SHARE_ENDED')
    return problemOf(found.id) ?? found
  }

  async function viewPreviews(c: Context): Promise<Response> {
    const found = await open(c)
    return found instanceof Response
      ? found
      : Response.json({ previews: store.previewsOf(found.id) })
  }

  async function view(c: Context): Promise<Response> {
    const found = await open(c)
    if (found instanceof Response) return found
    const { key, taskId, endsAt, shown } = found.grant
    const statusCache = statusCaches.of(key, c.req.url)
    // `stale`: a viewer who returns to a finished task may find news, as rarely as the cache allows.
    const { record, nextAt } = await statusCache.getStatus(
      { key, taskId, origin: c.req.url, requestId: requestIdOf(c) },
      'stale',
    )
    const at = now()
    // Expiry or revocation may have happened during the request.
    if (endsAt <= at) return problem('SHARE_ENDED')
    return (
      problemOf(found.id) ??
      Response.json({
        taskId,
        record: redact(record, shown),
        shown,
        endsAt,
        now: at,
        nextInMs: nextAt === null ? null : Math.min(MAX_WAIT, Math.max(0, Math.ceil(nextAt - at))),
      })
    )
  }

  function problemOf(id: ShareId): Response | null {
    switch (store.stateOf(id)) {
      case 'open':
        return null
      case 'revoked':
        return problem('SHARE_REVOKED')
      case 'unknown':
        return problem('SHARE_UNKNOWN')
    }
  }

  routes(app, { list, create, revoke, view, viewPreviews })
}

/** Replaces `routeShares` where live links are unavailable. */
export function routeNoShares(app: Hono): void {
  const refuse = () => problem('SHARE_UNAVAILABLE')
  routes(app, {
    list: refuse,
    create: refuse,
    revoke: refuse,
    view: refuse,
    viewPreviews: refuse,
  })
}

type Handlers = Readonly<Record<'list' | 'create' | 'revoke' | 'view' | 'viewPreviews', Handler>>

function routes(app: Hono, { list, create, revoke, view, viewPreviews }: Handlers): void {
  route(app, '/share', { GET: list, POST: create })
  route(app, '/share/:id', { DELETE: revoke })
  route(app, '/shared', { GET: view })
  route(app, '/shared/previews', { GET: viewPreviews })
}
