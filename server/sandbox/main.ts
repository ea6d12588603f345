import assert from 'node:assert/strict'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { readConfig } from '../config.ts'
import { allowedHosts } from '../http/allowed-hosts.ts'
import { warnings } from '../node/banner.ts'
import { endOnSignal } from '../node/end-on-signal.ts'
import { createHttpServer, guarded, lateApp, listen, withVariable } from '../node/http-server.ts'
import { fail, print, USAGE } from '../node/terminal.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'

/* The sandbox as a standalone server, for developers of API clients. */

/** Time to send the last responses; the sandbox completes them all when it closes. */
const GRACE_MS = 1000

/** Nothing to close until the sandbox has started. */
let close = async (): Promise<void> => undefined
endOnSignal(() => close())

// Unset, because this is always the sandbox.
const config = readConfig({ ...process.env, UPSCAYL_API_URL: undefined }, { port: 4174 })
if (!config.ok) fail(config.error, USAGE)
const { upstream, dataDir, origin } = config.value
assert(upstream.kind === 'sandbox')

const late = lateApp()
const server = createHttpServer()
server.on('request', guarded(late.listener))
const listening = await listen(server, config.value, withVariable('npm run sandbox'))
if (!listening.ok) fail([listening.error])

const sandbox = await createSandbox({ ...upstream, dataDir, origin }).catch((error: Error) =>
  fail([error.message]),
)
const app = new Hono()
// CORS for API clients under development, which have other origins. They can't call other routes.
const open = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT'],
  allowHeaders: ['X-API-Key', 'Content-Type', 'Idempotency-Key'],
  exposeHeaders: ['Retry-After', 'Content-Disposition', 'ETag', 'X-Task-Cost', 'X-Sandbox-Reason'],
  maxAge: 600,
})
app.use(allowedHosts(config.value))
for (const path of ['/get-task-status', '/start-task', '/files/*']) app.use(path, open)
for (const path of ['/get-upload-url', '/complete-multipart-upload', '/uploads/*']) {
  app.use(path, open)
}
app.use('/get-upscayl-history', open)
app.all('*', (c) => sandbox.fetch(c.req.raw))
late.open((request) => app.fetch(request))

close = async () => {
  await Promise.all([listening.value.close(GRACE_MS), sandbox.close()])
}

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
