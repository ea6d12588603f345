/**
 * tsx bench/gateway/main.ts [--only throughput|viewers] [--seconds N] [--round N] [--soak [--minutes N]]
 *
 * What the gateway costs and spares, by the real server before a quick API, each in a process of its
 * own. Throughput: answers a second beside a bare proxy of node:http, in turns of --round seconds.
 * Viewers: what 1, 10, 100 and 1,000 viewers of one task cost the API in --seconds. --soak instead:
 * memory under a mixed load of --minutes. Ends with an error if a goal is missed.
 */
import { parseArgs } from 'node:util'
import { startServer } from '../../e2e/support/server.ts'
import { run } from './programs.ts'
import { soak } from './soak.ts'
import { compare } from './throughput.ts'
import { watched } from './viewers.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    round: { type: 'string', default: '5' },
    soak: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
  },
})

const upstream = await run('upstream.ts')
const server = await startServer({ UPSCAYL_API_URL: upstream.url })
const ours = { url: server.url, pid: server.pid(), stop: server.stop }
try {
  const reached = values.soak ? [await soak(ours, Number(values.minutes))] : await figures()
  if (reached.includes(false)) process.exitCode = 1
} finally {
  await ours.stop()
  await upstream.stop()
}

async function figures(): Promise<boolean[]> {
  const reached: boolean[] = []
  if (values.only !== 'viewers') {
    const bare = await run('bare-proxy.ts', upstream.url)
    const [gateway, proxy] = [
      { name: 'gateway', program: ours, path: '/api/get-task-status' },
      { name: 'bare proxy', program: bare, path: '/get-task-status' },
    ]
    for (const kind of [
      { title: 'Running tasks', task: 'running' },
      { title: 'Settled tasks', task: 'settled' },
    ] as const) {
      reached.push(await compare(kind, gateway, proxy, Number(values.round)))
    }
    await bare.stop()
  }
  if (values.only !== 'throughput') {
    reached.push(await watched('Node', ours.url, upstream.url, Number(values.seconds)))
  }
  return reached
}
