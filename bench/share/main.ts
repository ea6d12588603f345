/**
 * tsx bench/share/main.ts
 *
 * Upstream cost of a thousand viewers of a live link: the sandbox's own count of the requests
 * about one running task, in a minute with one viewer and in a minute with a thousand, a tenth of
 * whom come back each second whatever the response says. Real server, real time; the task is a
 * recording, so that both rounds see the same. Exits with an error if the counts differ.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createRecording } from '../../core/api/recording.ts'
import { type LoupeServer, startServer } from '../../e2e/support/server.ts'

const VIEWERS = 1000
const HASTY = 100
const WATCHED_MS = 60_000
const STEP_MS = 500
const STEPS = 190

/** A task that takes a minute and a half. */
const RECORDING = createRecording(
  Array.from({ length: STEPS }, (_, n) => ({
    kind: 'reply' as const,
    askedAt: n * STEP_MS,
    answeredAt: n * STEP_MS,
    reply: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        status: 'success',
        data: { status: 'ENHANCING', progress: String(Math.floor(n / 2)), files: [] },
      }),
    },
  })),
  { key: '', taskId: '' },
)

interface Round {
  readonly requests: number
  readonly latencies: readonly number[]
}

async function round(viewers: number, hasty: number): Promise<Round> {
  const server = await startServer()
  try {
    const taskId = (await post(server, '/api/sandbox/recordings', RECORDING)).id
    const { key } = await json(server, '/api/sandbox')
    const shown = { credits: true, links: true }
    const { url } = await post(server, '/api/share', { taskId, shown }, { 'x-api-key': key })
    const token = url.replace('/s/', '')
    const end = performance.now() + WATCHED_MS
    const latencies = await Promise.all(
      Array.from({ length: viewers }, (_, n) => watch(server, token, end, n < hasty)),
    )
    const { requestsByTask } = await json(server, '/api/sandbox')
    return { requests: requestsByTask[taskId] ?? 0, latencies: latencies.flat() }
  } finally {
    await server.stop()
  }
}

/** One viewer, until `end`. Returns the duration of each response in ms. */
async function watch(
  server: LoupeServer,
  token: string,
  end: number,
  hasty: boolean,
): Promise<number[]> {
  const latencies: number[] = []
  while (performance.now() < end) {
    const sentAt = performance.now()
    const { nextInMs } = await json(server, '/api/shared', {
      headers: { authorization: `Bearer ${token}` },
    })
    latencies.push(performance.now() - sentAt)
    const wait = hasty ? 1000 : (nextInMs ?? WATCHED_MS)
    if (performance.now() + wait >= end) break
    await sleep(wait)
  }
  return latencies
}

async function json(server: LoupeServer, path: string, init: RequestInit = {}) {
  const ask = () => fetch(server.url + path, init)
  // As browsers do when the server has just closed a connection that was idle: without it, a busy
  // machine ends the benchmark.
  const response = await ask().catch((error) => (wasClosed(error) ? ask() : Promise.reject(error)))
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return JSON.parse(await response.text())
}

const wasClosed = (error: unknown): boolean =>
  error instanceof TypeError && /ECONNRESET|UND_ERR_SOCKET/.test(JSON.stringify(error.cause))

const post = (server: LoupeServer, path: string, body: unknown, headers = {}) =>
  json(server, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

function report(name: string, { requests, latencies }: Round): void {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(1)
  console.log(
    `${name.padEnd(15)}${requests} requests upstream, ${sorted.length} responses, ms: median ${at(0.5)}, 99 % within ${at(0.99)}`,
  )
}

const one = await round(1, 0)
report('1 viewer', one)
const thousand = await round(VIEWERS, HASTY)
report(`${VIEWERS} viewers`, thousand)
const equal = one.requests === thousand.requests
console.log(`requests upstream: ${equal ? 'equal, as is the goal' : 'NOT EQUAL'}`)
if (!equal) process.exitCode = 1
