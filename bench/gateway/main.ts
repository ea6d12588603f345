/**
 * tsx bench/gateway/main.ts [--only throughput|viewers|strangers] [--seconds N] [--round N] [--soak [--minutes N]]
 *
 * What the gateway costs and spares, by the real server before a quick API, each in a process of its
 * own. Throughput: answers a second beside a bare proxy of node:http, in turns of --round seconds.
 * Viewers: what 1, 10, 100 and 1,000 viewers of one task cost the API in --seconds, on Node and on workerd.
 * Strangers: what keys that somebody made up cost others, on both. --soak instead:
 * memory under a mixed load of --minutes. Ends with an error if a goal is missed.
 */
import { parseArgs } from 'node:util'
import { startServer } from '../../e2e/support/server.ts'
import { during, type Program } from './programs.ts'
import { soak } from './soak.ts'
import { besideStrangers } from './strangers.ts'
import { compare } from './throughput.ts'
import { watched } from './viewers.ts'

const USUAL_QUESTIONS = '100'
/** Enough that memory fills with answers, and is not spared by refusals. */
const SOAK_QUESTIONS = '100000'

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
    LOUPE_HOURLY_QUESTIONS: values.soak ? SOAK_QUESTIONS : USUAL_QUESTIONS,
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
