import { setMaxListeners } from 'node:events'
import { Hono } from 'hono'
import { MIB } from '../../core/api/upload-limits.ts'
import { openDataDir, pathsIn, removeLeftovers } from './data-dir.ts'
import { demoRoute } from './demo-route.ts'
import { DEMO_NAMES, type DemoName, seed } from './demos.ts'
import { filesRoute } from './files-route.ts'
import { historyRoute } from './history-route.ts'
import { createLinks } from './links.ts'
import { createRecordingStore } from './recordings.ts'
import { createRequestCounter } from './request-counter.ts'
import type { Services } from './services.ts'
import { startRoute } from './start/start-route.ts'
import { statusRoute } from './status-route.ts'
import { createAccounts } from './store/accounts.ts'
import { createSettings } from './store/settings.ts'
import { createTasks } from './store/tasks.ts'
import { createUploads } from './store/uploads.ts'
import { partRoute } from './uploads/part-route.ts'
import { uploadRoutes } from './uploads/upload-routes.ts'
import { claimWork } from './work/claim.ts'
import { createWorker } from './work/worker.ts'

export interface SandboxOptions {
  /** Created if missing. Contains the sandbox's whole state. */
  readonly dataDir: string
  /** 1 = as delivered (the running demo task takes about a minute); 0.05 = twenty times faster. */
  readonly pace?: number
  /** The demos, each with a fresh task at every start. All by default; stored tasks stay. */
  readonly demos?: readonly DemoName[]
  /** Epoch milliseconds. */
  readonly now?: () => number
  /** Origin of links. Null, the default, means the origin of the request's URL. */
  readonly origin?: string | null
  /** Adds `/get-upscayl-history`, which the API may or may not have. */
  readonly history?: boolean
  /** Size of an upload's parts: by default 5 MiB, the least that S3 allows. */
  readonly partBytes?: number
}

export interface Sandbox {
  readonly fetch: (request: Request) => Promise<Response>
  /** The API key of the account that owns the demo tasks. */
  readonly key: string
  /** Completes open requests, stops the work between two strips, closes the database. */
  readonly close: () => Promise<void>
}

/**
 * An Upscayl Cloud in this process. Its whole state is in `dataDir`: killed at any moment and created
 * again, it continues where it stopped. Throws one clear sentence for an unusable directory.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const {
    dataDir,
    pace = 1,
    demos = DEMO_NAMES,
    now = Date.now,
    origin = null,
    history = false,
    partBytes = 5 * MIB,
  } = options
  const paths = pathsIn(dataDir)
  const db = await openDataDir(paths)
  const accounts = createAccounts(db)
  const settings = createSettings(db)
  const tasks = createTasks(db)
  const uploads = createUploads(db, now)
  const links = createLinks(settings.secret('link-secret'), now)
  const { account, firstListing } = seed(db, { accounts, tasks }, demos, now())
  const worker = createWorker({ tasks, paths, claim: claimWork(settings), pace, now })
  const closing = new AbortController()
  // Every upload in progress adds a listener.
  setMaxListeners(0, closing.signal)
  const services: Services = {
    ...{ db, paths, accounts, tasks, uploads, links, worker, now, origin, partBytes },
    recordings: createRecordingStore(db, now),
    counter: createRequestCounter(),
    closing: closing.signal,
  }

  const app = new Hono()
    .route('/', statusRoute(services))
    .route('/', startRoute(services))
    .route('/', uploadRoutes(services))
    .route('/', partRoute(services))
    .route('/', filesRoute(services))
    .route('/', demoRoute(services, account, firstListing))
    .route('/', history ? historyRoute(services) : new Hono())
    .notFound((c) => c.json({ error: 'NOT_FOUND', message: 'Not found.' }, 404))
    .onError((error, c) => {
      process.emitWarning(error)
      return c.json('Error getting data', 500)
    })

  // With the write lock, so that no other process has stored a file but not yet its task.
  await removeLeftovers(paths, {
    originals: () => db.transaction(tasks.unfinishedFiles),
    uploads: uploads.currentIds,
  })
  // Not awaited: a request for a task that should be finished waits for that task.
  void worker.finishUnpaced()
  worker.start()

  const inFlight = new Set<Promise<Response>>()
  return {
    key: account.apiKey,
    async fetch(request) {
      if (closing.signal.aborted) return Response.json('The sandbox is closing', { status: 503 })
      const response = Promise.resolve(app.fetch(request))
      inFlight.add(response)
      return response.finally(() => inFlight.delete(response))
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
