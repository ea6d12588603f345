/**
 * tsx bench/gateway/main.ts [--only throughput|viewers|strangers] [--seconds N] [--round N]
 * [--soak [--minutes N]]
 *
 * Costs and savings of the gateway: the real server in front of a fast API, each in its own
 * process. Throughput: responses per second compared with a bare node:http proxy, alternating in
 * rounds of --round seconds. Viewers: upstream requests caused by 1, 10, 100 and 1,000 viewers of
 * one task in --seconds, on Node and on workerd. Strangers: the cost of made-up keys to other
 * users, on both. --soak instead: memory under a mixed load for --minutes. Exits with an error if
 * a goal is missed.
 */
import { parseArgs } from 'node:util'
import { startServer } from '../../e2e/support/server.ts'
import { during, type Program } from './programs.ts'
import { soak } from './soak.ts'
import { besideStrangers } from './strangers.ts'
import { compare } from './throughput.ts'
import { watched } from './viewers.ts'

const USUAL_LIMIT = '100'
/** High enough that memory fills with responses instead of rejections. */
const SOAK_LIMIT = '100000'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    round: { type: 'string', default: '5' },
    soak: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
  },
})

const reached = await during(['upstream.ts'], async (upstream) => {
  const server = await startServer({
    UPSCAYL_API_URL: upstream.url,
    LOUPE_HOURLY_QUESTIONS: values.soak ? SOAK_LIMIT : USUAL_LIMIT,
  })
  const ours = { url: server.url, pid: server.pid(), stop: server.stop }
  try {
    return values.soak ? [await soak(ours, Number(values.minutes))] : await figures(ours, upstream)
  } finally {
    await ours.stop()
  }
})
if (reached.includes(false)) process.exitCode = 1

async function figures(ours: Program, upstream: Program): Promise<boolean[]> {
  const parts = { throughput, viewers, strangers }
  const reached: boolean[] = []
  for (const [name, part] of Object.entries(parts)) {
    if (name === (values.only ?? name)) reached.push(...(await part(ours, upstream)))
  }
  return reached
}

function throughput(ours: Program, upstream: Program): Promise<boolean[]> {
  return during(['bare-proxy.ts', upstream.url], async (bare) => {
    const gateway = { name: 'gateway', program: ours, path: '/api/get-task-status' }
    const proxy = { name: 'bare proxy', program: bare, path: '/get-task-status' }
    const round = Number(values.round)
    return [
      await compare({ title: 'Running tasks', task: 'running' }, gateway, proxy, round),
      await compare({ title: 'Settled tasks', task: 'settled' }, gateway, proxy, round),
    ]
  })
}

async function viewers(ours: Program, upstream: Program): Promise<boolean[]> {
  const seconds = Number(values.seconds)
  return [
    await watched('Node', ours.url, upstream.url, seconds),
    await during(['on-workerd.ts', upstream.url], ({ url }) =>
      watched('workerd', url, upstream.url, seconds),
    ),
  ]
}

async function strangers(ours: Program, upstream: Program): Promise<boolean[]> {
  return [
    await besideStrangers('Node', ours.url),
    await during(['on-workerd.ts', upstream.url], ({ url }) => besideStrangers('workerd', url)),
  ]
}
