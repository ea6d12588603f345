import { type Context, type Handler, Hono } from 'hono'
import * as v from 'valibot'
import { HOUR, MINUTE } from '../../src/lib/units.ts'
import { shownOf } from '../../src/polling/shown.ts'
import { taskIdSchema } from '../../src/upscayl/task-schema.ts'
import { readApiKey } from '../gateway/api-key.ts'
import type { Coordinators } from '../gateway/coordinators.ts'
import { readJsonBody } from '../gateway/json-body.ts'
import { problem } from '../gateway/problem.ts'
import { requestIdOf } from '../request-id.ts'
import type { Sharing } from './open-sharing.ts'
import { readLink } from './read-link.ts'
import { asShareId, newShareId, type Sealer, type ShareId } from './sealer.ts'
import type { Share } from './share-store.ts'

export interface ShareRouteOptions {
  readonly sharing: Sharing
  readonly coordinators: Coordinators
  /** Epoch milliseconds. */
  readonly now: () => number
}

const MAX_ORDER_BYTES = 4 * 1024
const USUAL_HOURS = 24
const MOST_HOURS = 30 * 24
/** Far more than somebody looks after. */
const MOST_SHARES = 200

/** The plan changes with what happens to other tasks: nobody is told to stay away for longer. */
const LONGEST_WAIT = MINUTE

const order = v.strictObject({
  taskId: taskIdSchema,
  hours: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(MOST_HOURS)), USUAL_HOURS),
  shown: v.strictObject({ credits: v.boolean(), links: v.boolean() }),
})

/** Live links: made, listed and revoked with the sender's key, and opened with the link alone. */
export function shareRoute({ sharing, coordinators, now }: ShareRouteOptions): Hono {
  const { sealers, store } = sharing
  const [maker] = sealers

  /** As the sender sees it. The link is made again of what is stored and the key that was sent. */
  const listed = async (share: Share, key: string, sealer: Sealer) => {
    const { id, taskId, createdAt, endsAt, shown } = share
    const token = await sealer.seal(id, { key, taskId, endsAt, shown })
    return { id, url: `/s/${token}`, taskId, createdAt, endsAt, shown }
  }

  async function sharesOf(key: string) {
    const lists = await Promise.all(
      sealers.map(async (sealer) => {
        const owned = store.ofOwner(await sealer.hashKey(key), now())
        return Promise.all(owned.map((share) => listed(share, key, sealer)))
      }),
    )
    return lists.flat().sort((a, b) => b.createdAt - a.createdAt)
  }

  async function create(c: Context): Promise<Response> {
    const key = readApiKey(c.req.raw.headers)
    if (key === null) return problem('KEY_UNUSABLE')
    const body = await readJsonBody(c.req.raw, MAX_ORDER_BYTES)
    if (body instanceof Response) return body
    const parsed = v.safeParse(
      v.pipe(v.string(), v.parseJson(), order),
      new TextDecoder().decode(body),
    )
    if (!parsed.success) {
      const detail = `It takes a taskId, shown: { credits, links } and hours, at most ${MOST_HOURS}.`
      return problem('BAD_REQUEST', {}, detail)
    }
    const { taskId, hours, shown } = parsed.output
    const owner = await maker.hashKey(key)
    const createdAt = now()
    if (store.ofOwner(owner, createdAt).length >= MOST_SHARES) return problem('SHARE_TOO_MANY')
    // The task is not tried out, nor a key that is known: a question may deduct credits and uses the
    // allowance. Of a key that is not, it is the question that whoever looks first would have asked.
    const coordinator = coordinators.of(key, c.req.url)
    if (!coordinator.isAccepted()) {
      await coordinator.know({ key, taskId, origin: c.req.url, requestId: requestIdOf(c) })
      if (!coordinator.isAccepted()) return problem('SHARE_KEY_UNPROVEN')
    }
    const endsAt = Math.round(createdAt + hours * HOUR)
    const made: Share = { id: newShareId(), owner, taskId, createdAt, endsAt, shown }
    if (!store.add(made)) return problem('SHARE_FULL')
    return Response.json(await listed(made, key, maker), { status: 201 })
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
    const owners = await Promise.all(sealers.map((sealer) => sealer.hashKey(key)))
    const revoked = owners.some((owner) => store.revoke(owner, id))
    return revoked ? new Response(null, { status: 204 }) : problem('SHARE_UNKNOWN')
  }

  async function view(c: Context): Promise<Response> {
    const found = await readLink(c.req.raw.headers, sealers)
    if (found === null) return problem('SHARE_UNKNOWN')
    const { key, taskId, endsAt, shown } = found.grant
    if (endsAt <= now()) return problem('SHARE_ENDED')
    const gone = goneOf(found.id)
    if (gone !== null) return gone
    const coordinator = coordinators.of(key, c.req.url)
    // Whoever comes back to what has stopped may find news, as rarely as the coordinator lets them.
    const { record, nextAt } = await coordinator.know(
      { key, taskId, origin: c.req.url, requestId: requestIdOf(c) },
      'stale',
    )
    const at = now()
    // Both may have come while the answer was waited for.
    if (endsAt <= at) return problem('SHARE_ENDED')
    return (
      goneOf(found.id) ??
      Response.json({
        taskId,
        record: shownOf(record, shown),
        shown,
        endsAt,
        now: at,
        nextInMs:
          nextAt === null ? null : Math.min(LONGEST_WAIT, Math.max(0, Math.ceil(nextAt - at))),
      })
    )
  }

  function goneOf(id: ShareId): Response | null {
    switch (store.stateOf(id)) {
      case 'open':
        return null
      case 'revoked':
        return problem('SHARE_REVOKED')
      case 'unknown':
        return problem('SHARE_UNKNOWN')
    }
  }

  return routes({ list, create, revoke, view })
}

/** In place of `shareRoute` where the server could not open what it needs. */
export function noShareRoute(): Hono {
  const refuse = () => problem('SHARE_UNAVAILABLE')
  return routes({ list: refuse, create: refuse, revoke: refuse, view: refuse })
}

type Handlers = Readonly<Record<'list' | 'create' | 'revoke' | 'view', Handler>>

const routes = ({ list, create, revoke, view }: Handlers): Hono =>
  new Hono()
    .get('/share', list)
    .post('/share', create)
    .all('/share', () => problem('METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD, POST' }))
    .delete('/share/:id', revoke)
    .all('/share/:id', () => problem('METHOD_NOT_ALLOWED', { Allow: 'DELETE' }))
    .get('/shared', view)
    .all('/shared', () => problem('METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD' }))
