import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { createSandbox } from './sandbox.ts'

/* The sandbox as a server of its own, for whoever writes a client of the API. */

const print = (line: string) => process.stdout.write(`${line}\n`)

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

const { HOST, PORT, LOUPE_DATA_DIR, LOUPE_SANDBOX_PACE } = process.env
const host = HOST || '127.0.0.1'
const port = wholePort(PORT || '4174')
const pace = Number(LOUPE_SANDBOX_PACE || 1)
if (!(pace >= 0 && pace <= 100)) {
  fail(
    'LOUPE_SANDBOX_PACE has to be a number from 0 to 100: 1 is as delivered, 0.05 twenty times faster.',
  )
}

function wholePort(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value
  return fail('PORT has to be a whole number from 0 to 65535.')
}

const sandbox = await createSandbox({
  dataDir: LOUPE_DATA_DIR || '.loupe',
  pace,
}).catch((error: Error) => fail(error.message))

const app = new Hono()
// A client under development is a page of some other origin; what it may not read, it may not call.
const open = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST'],
  allowHeaders: ['X-API-Key', 'Content-Type'],
  exposeHeaders: ['Retry-After', 'Content-Disposition'],
  maxAge: 600,
})
app.use('/get-task-status', open)
app.use('/files/*', open)
app.all('*', (c) => sandbox.fetch(c.req.raw))

const server = serve({ fetch: app.fetch, hostname: host, port }, async (address) => {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  const list = await sandbox.fetch(new Request(`${url}/sandbox`))
  const { tasks }: { tasks: { id: string }[] } = await list.json()
  print(`Sandbox of the Upscayl Cloud API at ${url}`)
  print(`  API key   ${sandbox.key}`)
  print(`  all of it ${url}/sandbox`)
  print(`  try       ${curl(url, tasks[0]?.id ?? '')}`)
})

const curl = (url: string, taskId: string) =>
  [
    `curl ${url}/get-task-status -H 'X-API-Key: ${sandbox.key}'`,
    `-H 'Content-Type: application/json' -d '{"data":{"taskId":"${taskId}"}}'`,
  ].join(' ')

server.on('error', async (error: NodeJS.ErrnoException) => {
  await sandbox.close()
  if (error.code === 'EADDRINUSE') {
    fail(
      `Port ${port} of ${host} is taken. End what uses it, or choose another: PORT=4180 npm run sandbox`,
    )
  }
  fail(`Cannot listen on ${host}:${port}: ${error.message}`)
})

let ending = false
async function end() {
  if (ending) return
  ending = true
  const closed = new Promise((resolve) => server.close(resolve))
  await sandbox.close()
  // Time for the last answers to leave; a connection that is kept open does not hold us.
  await Promise.race([closed, sleep(1000)])
  process.exit(0)
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
