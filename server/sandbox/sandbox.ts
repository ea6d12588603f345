import { setMaxListeners } from 'node:events'
import { Hono } from 'hono'
import { HOUR } from '../../src/lib/units.ts'
import { openDataDir, pathsIn } from './data-dir.ts'
import { demoRoute } from './demo-route.ts'
import { type DemoName, newDemoTask } from './demos.ts'
import { filesRoute } from './files-route.ts'
import { createLinks } from './links.ts'
import type { RateLimitOptions } from './rate-limit.ts'
import { createShelf } from './recordings.ts'
import { recordingsRoute } from './recordings-route.ts'
import { createRequestCounter } from './request-counter.ts'
import { seed } from './seed.ts'
import { removeLeftovers } from './start/leftovers.ts'
import { startRoute } from './start/start-route.ts'
import { statusRoute } from './status-route.ts'
import { createAccounts } from './store/accounts.ts'
import { createRecordings } from './store/recordings.ts'
import { createSettings } from './store/settings.ts'
import { createTasks } from './store/tasks.ts'
import { claimWork } from './work/claim.ts'
import { createWorker } from './work/worker.ts'

export interface SandboxOptions {
  /** Made if it is not there. All the sandbox knows lies in it. */
  readonly dataDir: string
  /** 1 = as delivered (the running demo task takes about a minute); 0.05 = twenty times faster. */
  readonly pace?: number
  /** Epoch milliseconds. */
  readonly now?: () => number
  /** Where links lead. Null, the default, means the origin of the request's URL. */
  readonly origin?: string | null
  /** Answer 429 like the API's own limit. Off by default. */
  readonly rateLimit?: RateLimitOptions
  /** The limit on starts; null for none. By default the API's own. */
  readonly startLimit?: RateLimitOptions | null
}

/** As documented for `start-task`. */
const START_LIMIT: RateLimitOptions = { limit: 50, windowMs: HOUR, retryAfter: true }

export interface Sandbox {
  readonly fetch: (request: Request) => Promise<Response>
  /** The API key of the account that owns the demo tasks. */
  readonly key: string
  /** Answers what was asked, stops the work between two strips, closes the database. */
  readonly close: () => Promise<void>
}

/**
 * An Upscayl Cloud in this process. Everything it has promised lies in `dataDir`: killed at any
 * moment and created again, it goes on where it was. Throws one clear sentence for a directory it
 * cannot use.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir, pace = 1, now = Date.now, origin = null, rateLimit } = options
  const { startLimit = START_LIMIT } = options
  const paths = pathsIn(dataDir)
  const db = await openDataDir(paths)
  const accounts = createAccounts(db)
  const settings = createSettings(db)
  const tasks = createTasks(db)
  const links = createLinks(settings.secret('link-secret'), now)
  const account = seed(db, { accounts, settings, tasks }, now())
  const worker = createWorker({ tasks, paths, claim: claimWork(settings), pace, now })
  const counter = createRequestCounter()
  const recordings = createShelf(createRecordings(db), now)
  const closing = new AbortController()
  // Every upload under way listens.
  setMaxListeners(0, closing.signal)

  const startDemo = async (name: DemoName): Promise<string> => {
    const task = db.transaction(() => {
      const listing = tasks.nextListing()
      const task = newDemoTask(name, { accountId: account.id, listing, now: now() })
      tasks.insert(task)
      return task
    })
    if (task.paced) worker.wake()
    else await worker.finishUnpaced()
    return task.id
  }

  const app = new Hono()
    .route(
      '/',
      statusRoute({
        accounts,
        tasks,
        links,
        counter,
        recordings,
        finishUnpaced: worker.finishUnpaced,
        now,
        origin,
        closing: closing.signal,
        rateLimit,
      }),
    )
    .route(
      '/',
      startRoute({
        ...{ db, accounts, tasks, links, paths, now, origin },
        wake: worker.wake,
        closing: closing.signal,
        rateLimit: startLimit,
      }),
    )
    .route('/', filesRoute({ tasks, links, paths }))
    .route('/', recordingsRoute(recordings))
    .route('/', demoRoute({ account, accounts, tasks, counter, recordings, startDemo }))
    .notFound((c) =>
      c.json({ error: 'NOT_FOUND', message: 'There is nothing at this address.' }, 404),
    )
    .onError((error, c) => {
      process.emitWarning(error)
      return c.json('Error getting data', 500)
    })

  // With the write lock, so that no other process is between a file and its task.
  await removeLeftovers(paths, () => db.transaction(() => tasks.unfinishedFiles()))
  // Not waited for: whoever asks for a task that is due to have ended waits for that one.
  void worker.finishUnpaced()
  worker.start()

  const inFlight = new Set<Promise<Response>>()
  return {
    key: account.apiKey,
    async fetch(request) {
      if (closing.signal.aborted) return Response.json('The sandbox is closing', { status: 503 })
      const answer = Promise.resolve(app.fetch(request))
      inFlight.add(answer)
      return answer.finally(() => inFlight.delete(answer))
    },
    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      await worker.stop()
      await Promise.allSettled(inFlight)
      db.close()
    },
  }
}
