import assert from 'node:assert/strict'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { warnings } from '../banner.ts'
import { readConfig } from '../config.ts'
import { onlyOurNames } from '../hosts.ts'
import { lateApp } from '../late-app.ts'
import { createHttpServer, listen } from '../listen.ts'
import { guarded } from '../request-guard.ts'
import { endOnSignal } from '../shutdown.ts'
import { fail, print } from '../terminal.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'

/* The sandbox as a server of its own, for whoever writes a client of the API. */

/** Time for the last answers to leave; the sandbox gives them all when it closes. */
const GRACE_MS = 1000

// Unset, because this is the sandbox whatever the dashboard's server asks.
const config = readConfig({ ...process.env, UPSCAYL_API_URL: undefined }, { port: 4174 })
if (!config.ok) fail(config.error)
const { upstream, dataDir, origin } = config.value
assert(upstream.kind === 'sandbox')

const late = lateApp()
const server = createHttpServer()
server.on('request', guarded(late.listener))
const listening = await listen(server, config.value, 'npm run sandbox')
if (!listening.ok) fail([listening.error])

const sandbox = await createSandbox({ ...upstream, dataDir, origin }).catch((error: Error) =>
  fail([error.message]),
)
const app = new Hono()
// A client under development is a page of some other origin; what it may not read, it may not call.
const open = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST'],
  allowHeaders: ['X-API-Key', 'Content-Type', 'Idempotency-Key'],
  exposeHeaders: ['Retry-After', 'Content-Disposition'],
  maxAge: 600,
})
app.use(onlyOurNames(config.value))
app.use('/get-task-status', open)
app.use('/start-task', open)
app.use('/files/*', open)
app.all('*', (c) => sandbox.fetch(c.req.raw))
late.open((request) => app.fetch(request))

endOnSignal(
  async () => {
    await Promise.all([listening.value.close(GRACE_MS), sandbox.close()])
  },
  { withParent: process.env.npm_lifecycle_event !== undefined },
)

const url = origin ?? listening.value.url
print(`Sandbox of the Upscayl Cloud API at ${url}`)
print(`  API key   ${sandbox.key}`)
print(`  all of it ${url}/sandbox`)
print(`  try       ${curl(await firstTask(sandbox))}`)
for (const text of warnings(config.value)) print(`  Warning: ${text}`)

async function firstTask({ fetch }: Sandbox): Promise<string> {
  const list = await fetch(new Request(`${url}/sandbox`))
  const { tasks }: { tasks: { id: string }[] } = await list.json()
  return tasks[0]?.id ?? ''
}

function curl(taskId: string): string {
  return [
    `curl ${url}/get-task-status -H 'X-API-Key: ${sandbox.key}'`,
    `-H 'Content-Type: application/json' -d '{"data":{"taskId":"${taskId}"}}'`,
  ].join(' ')
}
