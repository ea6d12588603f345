import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, seeded } from '../polling/random.ts'
import { median } from './figures.ts'
import type { Program } from './programs.ts'

const CLIENTS = 16
const KEYS = 4
/** More than are cached per key, so that entries are evicted. */
const TASKS_OF_KEY = 800
const SAMPLES = 60
const GOAL = 1.2
const KIB_PER_PAGE = 4
const KIB_PER_MIB = 1024
const STATUS = '/api/get-task-status'

type Send = (path: string, init?: RequestInit) => Promise<Response>

/** One kind of traffic that a public server gets. Returns the status of the response. */
type Act = (random: Random, send: Send, url: URL) => Promise<number | string>

const keyOf = (random: Random) => `soak-key-${random.whole(1, KEYS)}`
const taskOf = (random: Random) => {
  const n = random.whole(1, TASKS_OF_KEY)
  return `${n % 4 === 0 ? 'settled' : 'running'}-soak-${n}`
}
const post = (key: string, body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-api-key': key },
  body,
})
const statusRequest = (random: Random) =>
  post(keyOf(random), JSON.stringify({ data: { taskId: taskOf(random) } }))

async function read(response: Response): Promise<number> {
  await response.arrayBuffer()
  return response.status
}

/** Relative frequency of each kind. */
const SHARES = {
  question: 60,
  share: 8,
  page: 5,
  nowhere: 4,
  'no JSON': 4,
  'too long': 4,
  'no link': 4,
  'hangs up': 6,
  'no HTTP': 5,
}

const ACTS: Readonly<Record<keyof typeof SHARES, Act>> = {
  question: async (random, send) => read(await send(STATUS, statusRequest(random))),
  share,
  page: async (_, send) => read(await send('/')),
  nowhere: async (random, send) => read(await send(`/api/${random.whole(0, 1e9)}`)),
  'no JSON': async (random, send) => read(await send(STATUS, post(keyOf(random), '{"data":[[['))),
  'too long': async (random, send) =>
    read(await send(STATUS, post(keyOf(random), 'x'.repeat(70_000)))),
  'no link': async (random, send) =>
    read(await send('/api/shared', { headers: { authorization: `Bearer ${random.unit()}` } })),
  'hangs up': hangUp,
  'no HTTP': noise,
}

/** Creates a live link, requests it twice, and revokes it. */
async function share(random: Random, send: Send): Promise<number> {
  const key = keyOf(random)
  const body = { taskId: taskOf(random), hours: 1, shown: { credits: true, links: true } }
  const created = await send('/api/share', post(key, JSON.stringify(body)))
  if (created.status !== 201) return read(created)
  const { id, url } = (await created.json()) as { id: string; url: string }
  const headers = { authorization: `Bearer ${url.replace('/s/', '')}` }
  await read(await send('/api/shared', { headers }))
  const status = await read(await send('/api/shared', { headers }))
  await read(await send(`/api/share/${id}`, { method: 'DELETE', headers: { 'x-api-key': key } }))
  return status
}

/** Disconnects before the response. */
async function hangUp(random: Random, send: Send): Promise<string> {
  const signal = AbortSignal.timeout(random.whole(0, 3))
  await send(STATUS, { ...statusRequest(random), signal }).then(read, () => undefined)
  return 'hung up'
}

async function noise(random: Random, _send: Send, url: URL): Promise<string> {
  const socket = connect(Number(url.port), url.hostname)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => undefined).resume()
  socket.end(`${random.unit()}\r\n\r\n`)
  await closed
  return 'no HTTP'
}

/** Whether memory stays flat: the last fifth compared with the second, when all caches are full. */
export async function soak(server: Program, minutes: number): Promise<boolean> {
  const every = (minutes * 60_000) / SAMPLES
  console.log(
    `\nMemory under a mixed load of ${CLIENTS} clients, ${KEYS} keys, ${KEYS * TASKS_OF_KEY} tasks: ${minutes} min, MiB each ${(every / 1000).toFixed(0)} s`,
  )
  const end = performance.now() + minutes * 60_000
  const counts: Record<string, number> = {}
  const clients = Array.from({ length: CLIENTS }, (_, n) => client(server.url, n, end, counts))
  const samples: number[] = []
  const sampling = (async () => {
    while (samples.length < SAMPLES) {
      await sleep(every)
      samples.push(residentMib(server.pid))
    }
  })()
  await Promise.all([sampling, ...clients])

  console.log(`  ${samples.map((mib) => mib.toFixed(0)).join(' ')}`)
  const fifth = SAMPLES / 5
  const [early, late] = [median(samples.slice(fifth, 2 * fifth)), median(samples.slice(-fifth))]
  const flat = late <= GOAL * early
  console.log(
    `  second fifth ${early.toFixed(0)}, last ${late.toFixed(0)}: ratio ${(late / early).toFixed(2)}, goal at most ${GOAL}: ${flat ? 'reached' : 'MISSED'}`,
  )
  console.log(
    `  answers: ${Object.entries(counts)
      .map(([status, count]) => `${count} × ${status}`)
      .join(', ')}`,
  )
  const serverErrors = Object.keys(counts).filter((status) => /^5/.test(status))
  if (serverErrors.length > 0)
    console.log(`  MISSED: the server must not answer ${serverErrors.join(', ')}`)
  return flat && serverErrors.length === 0
}

async function client(url: string, seed: number, end: number, counts: Record<string, number>) {
  const random = seeded(seed)
  const send: Send = (path, init) => fetch(url + path, init)
  while (performance.now() < end) {
    const status = await ACTS[random.pick(SHARES)](random, send, new URL(url))
    counts[status] = (counts[status] ?? 0) + 1
  }
}

/** Resident memory of a process. */
function residentMib(pid: number): number {
  try {
    return (
      (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * KIB_PER_PAGE) /
      KIB_PER_MIB
    )
  } catch {
    return (
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) /
      KIB_PER_MIB
    )
  }
}
