import childProcess, { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Miniflare } from 'miniflare'
import { build } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startOrder } from './create-task-conformance.ts'
import { gate, MAX_WAIT } from './harness.ts'
import { asDeployed, bundled } from './on-workerd.ts'
import type { TestUpstream } from './server.ts'
import { openUpstream } from './upstream.ts'

/*
 * kill -9, again and again, while starts are at every stage. Whatever is lost, and however often a client
 * retries: the API never gets two starts under one Idempotency-Key.
 */

/** Each takes a third of a second. */
const KILLS = import.meta.env.MODE === 'fuzz' ? 30 : 6
/** Only for hangs: as many processes start. */
const TIMEOUT_MS = 300_000
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface Killable {
  /** Sends a start; without an end if `isWhole` is false. Rejects when the server is killed. */
  readonly start: (mark: string, isWhole?: boolean) => Promise<{ status: number; body: string }>
  /** kill -9, and a new server on the old one's data. */
  readonly killed: () => Promise<void>
}

type Open = (upstreamUrl: string, folder: string) => Promise<Killable>

const HALF = 50_000
const order = (mark: string) =>
  startOrder({ 'x-api-key': 'key-1234567890', 'idempotency-key': mark })

const onNode: Open = async (upstreamUrl, folder) => {
  // Built once: tsx would take a second per start. Next to the packages, which it imports.
  const outDir = await mkdtemp(join(ROOT, 'node_modules', '.loupe-killed-'))
  onTestFinished(() => rm(outDir, { recursive: true, force: true }))
  await build({
    ...{ root: ROOT, configFile: false, logLevel: 'silent' },
    build: { ssr: 'test/conformance/killed-program.ts', outDir, target: 'node20' },
  })
  let [child, url]: [ChildProcess | null, string] = [null, '']
  const kill = async () => {
    if (child === null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const begin = async () => {
    child = fork(join(outDir, 'killed-program.js'), {
      env: { PORT: '0', LOUPE_DATA_DIR: folder, UPSCAYL_API_URL: upstreamUrl },
      execArgv: [],
    })
    const [message] = await once(child, 'message')
    url = String(message)
  }
  onTestFinished(kill)
  await begin()
  return {
    async start(mark, isWhole = true) {
      const { method, headers, body } = await order(mark)
      const bytes = Buffer.from(body)
      return new Promise((resolve, reject) => {
        const request = send(`${url}/api/start-task`, { method, headers, agent: false })
        request.on('error', reject)
        request.on('response', (response) => {
          const status = response.statusCode ?? 0
          text(response).then((read) => resolve({ status, body: read }), reject)
        })
        if (isWhole) request.end(bytes)
        else request.write(bytes.subarray(0, HALF))
      })
    },
    async killed() {
      await kill()
      await begin()
    },
  }
}

const onWorkerd: Open = async (upstreamUrl, folder) => {
  const site = join(folder, 'site')
  await mkdir(site)
  await writeFile(join(site, 'index.html'), '')
  const { code } = await bundled('server/worker.ts')
  const options = await asDeployed(code, { upstreamUrl, shareSecret: null, site, folder })
  // Miniflare does not expose the ID of its process.
  const spawned = vi.spyOn(childProcess, 'spawn')
  onTestFinished(() => spawned.mockRestore())
  const worker = new Miniflare({ ...options, handleRuntimeStdio: () => undefined })
  onTestFinished(() => worker.dispose())
  await worker.ready
  return {
    async start(mark, isWhole = true) {
      const { method, headers, body } = await order(mark)
      const half = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new Uint8Array(body, 0, HALF)),
      })
      const init = { method, headers, body: isWhole ? body : half, duplex: 'half' }
      const response = await worker.dispatchFetch('http://loupe.test/api/start-task', init as never)
      return { status: response.status, body: await response.text() }
    },
    async killed() {
      const child: ChildProcess = spawned.mock.results.at(-1)?.value
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      await worker.setOptions({ ...options, handleRuntimeStdio: () => undefined })
    },
  }
}

/** Counts the starts that arrive whole, and responds as `answering` says. */
function countStarts(upstream: TestUpstream) {
  const arrived = new Map<string, number>()
  const withheld = gate<null>()
  upstream.respondWith(async ({ headers }) => {
    const mark = headers.get('idempotency-key') ?? ''
    const count = (arrived.get(mark) ?? 0) + 1
    arrived.set(mark, count)
    if (mark.startsWith('unanswered') && count === 1) await withheld.promise
    return Response.json({ status: 'success', data: { taskId: `${mark}-${count}` } })
  })
  onTestFinished(() => withheld.resolve(null))
  return arrived
}

test.each<[string, Open]>([
  ['Node', onNode],
  ['workerd', onWorkerd],
])(
  'a server on %s that is killed sends no start twice',
  async (_, open) => {
    const folder = await mkdtemp(join(tmpdir(), 'loupe-killed-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const upstream = await openUpstream()
    onTestFinished(() => upstream.close())
    const arrived = countStarts(upstream)
    const { start, killed } = await open(upstream.url, folder)

    for (let n = 0; n < KILLS; n++) {
      const [answered, unanswered, half, racing] = ['answered', 'unanswered', 'half', 'racing'].map(
        (name) => `${name}-${n}`,
      ) as [string, string, string, string]
      const received = await start(answered)
      const begun = upstream.begun()
      const lost = [start(unanswered), start(unanswered), start(half, false)]
      await vi.waitFor(() => {
        expect(arrived.get(unanswered)).toBe(1)
        expect(upstream.begun()).toBe(begun + 2)
      }, MAX_WAIT)
      // At a random stage, so at others in the first rounds than in the last.
      lost.push(start(racing), start(racing))
      if (n % 2 === 0) await vi.waitFor(() => expect(arrived.get(racing)).toBe(1), MAX_WAIT)
      const gone = Promise.allSettled(lost)
      await killed()
      await gone

      const marks = [answered, unanswered, half, racing]
      const again = marks.map((mark) => Promise.all([start(mark), start(mark)]))
      const [known, unknown, anew, others] = await Promise.all(again)
      for (const response of known ?? []) expect(response).toEqual(received)
      for (const { status } of unknown ?? []) expect(status).toBe(409)
      for (const { status } of anew ?? []) expect(status).toBe(200)
      for (const { status } of others ?? []) expect([200, 409]).toContain(status)
    }
    expect(new Set(arrived.values())).toEqual(new Set([1]))
    expect(arrived.size).toBeGreaterThanOrEqual(3 * KILLS)
  },
  TIMEOUT_MS,
)
