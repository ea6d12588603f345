import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { MAX_RECORDING_LENGTH, TOO_LARGE } from '../../core/api/recording.ts'
import { DEMO_NAMES, DEMOS, type DemoName, FOREIGN_TASK, isDemoName, newDemoTask } from './demos.ts'
import { demoThumb } from './images.ts'
import { SENTINEL_LIST } from './sentinels.ts'
import type { Services } from './services.ts'
import type { Account } from './store/accounts.ts'
import type { StoredTask } from './store/tasks.ts'

const demoRequest = v.object({ demo: v.picklist(DEMO_NAMES) })

const summary = (demo: DemoName, id: string) => ({
  id,
  demo,
  title: DEMOS[demo].title,
  says: DEMOS[demo].says,
})

/** The first image of a demo, for a client that has not uploaded it itself. */
interface Source {
  readonly name: string
  readonly width: number
  readonly height: number
  /** Data URL. */
  readonly thumb: string
}

const badRequest = (message: string) =>
  Response.json({ error: 'BAD_REQUEST', message }, { status: 400 })

/** `/sandbox`: the demo content and the request counts. Not part of the API. */
export function demoRoute(
  { db, accounts, tasks, counter, recordings, worker, now }: Services,
  account: Account,
  firstListing: number,
): Hono {
  /** Resolves when the task can be shown. */
  const startDemo = async (name: DemoName): Promise<string> => {
    const { id, paced } = db.transaction(() => {
      const listing = tasks.nextListing()
      const task = newDemoTask(name, { accountId: account.id, listing, now: now(), held: false })
      tasks.insert(task)
      return task
    })
    if (paced) worker.wake()
    else await worker.finishUnpaced()
    return id
  }

  /** By task: a demo's image never changes. */
  const sources = new Map<string, Source>()
  const listed = async ({ demo, id, createdAt }: StoredTask) => {
    const [file] = tasks.filesOf(id)
    if (!isDemoName(demo) || file === undefined || file.picture === 'upload') return []
    const { originalName: name, picture, width, height } = file
    const source = sources.get(id) ?? { name, width, height, thumb: await demoThumb(picture, file) }
    sources.set(id, source)
    return [{ ...summary(demo, id), createdAt, source }]
  }

  return new Hono()
    .get('/sandbox', async (c) => {
      c.header('cache-control', 'no-store')
      const shown = await Promise.all(tasks.ofAccount(account.id, firstListing).map(listed))
      return c.json({
        key: account.apiKey,
        tasks: shown.flat(),
        sentinels: [...SENTINEL_LIST, FOREIGN_TASK],
        recordings: recordings.list(),
        balance: accounts.byId(account.id)?.balance ?? 0,
        ledger: accounts.ledger(account.id),
        ...counter.read(),
      })
    })
    .post('/sandbox/tasks', async (c) => {
      const body = v.safeParse(demoRequest, await c.req.json().catch(() => undefined))
      if (!body.success) {
        return badRequest(`The body must be {"demo":"…"} with one of: ${DEMO_NAMES.join(', ')}.`)
      }
      const { demo } = body.output
      return c.json(summary(demo, await startDemo(demo)), 201)
    })
    .post(
      '/sandbox/recordings',
      bodyLimit({ maxSize: MAX_RECORDING_LENGTH, onError: () => badRequest(TOO_LARGE) }),
      async (c) => {
        const added = recordings.add(await c.req.text())
        if (!added.ok) return badRequest(added.error)
        return c.json({ ...added.value, title: 'A recording' }, 201)
      },
    )
}
