import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, seeded } from '../polling/random.ts'
import { median, quantile } from './figures.ts'

const AT_ONCE = 20
const ROUNDS = 20
const GOAL_MORE_MS = 100

const EACH_MS = 100
const SECONDS = 10
const HEALTH_EACH_MS = 20
const GOAL_HEALTH_MS = 50

/** A key of maximum length with all kinds of characters: the most expensive to process. */
const madeUpKey = (random: Random): string =>
  `made-up-${Array.from({ length: 504 }, () => String.fromCharCode(random.whole(33, 126))).join('')}`

async function timeRequest(gateway: string, key: string): Promise<number> {
  const from = performance.now()
  const response = await fetch(`${gateway}/api/get-task-status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ data: { taskId: 'settled-0' } }),
  })
  await response.text()
  const expected = key.startsWith('made-up') ? 401 : 200
  if (response.status !== expected) throw new Error(`${response.status} for a key`)
  return performance.now() - from
}

async function health(gateway: string): Promise<number> {
  const from = performance.now()
  await (await fetch(`${gateway}/healthz`)).text()
  return performance.now() - from
}

/** The cost of made-up keys to other users. Returns whether the goals were reached. */
export async function besideStrangers(platform: string, gateway: string): Promise<boolean> {
  console.log(`\nBeside made-up keys on ${platform}`)
  const random = seeded(11)
  const honest = () => timeRequest(gateway, 'honest-key')
  for (let n = 0; n < ROUNDS; n++) await honest()
  const [alone, beside]: [number[], number[]] = [[], []]
  for (let n = 0; n < ROUNDS; n++) {
    alone.push(await honest())
    const strangers = Array.from({ length: AT_ONCE }, () => timeRequest(gateway, madeUpKey(random)))
    beside.push(await honest())
    await Promise.all(strangers)
  }
  const more = quantile(beside, 0.9) - median(alone)
  const isQuick = more <= GOAL_MORE_MS
  console.log(
    `  an honest answer, ms: median ${median(alone).toFixed(1)} alone, ${median(beside).toFixed(1)} beside ${AT_ONCE} at once, 90 % with at most ${more.toFixed(1)} more, goal ${GOAL_MORE_MS}: ${mark(isQuick)}`,
  )

  const latencies: number[] = []
  const end = performance.now() + 1000 * SECONDS
  const sending = (async () => {
    const requests: Promise<number>[] = []
    for (; performance.now() < end; await sleep(EACH_MS))
      requests.push(timeRequest(gateway, madeUpKey(random)))
    await Promise.all(requests)
  })()
  for (; performance.now() < end; await sleep(HEALTH_EACH_MS)) latencies.push(await health(gateway))
  await sending
  const worst = quantile(latencies, 0.99)
  const isAlive = worst < GOAL_HEALTH_MS
  console.log(
    `  /healthz beside ${1000 / EACH_MS} new keys a second, ms: median ${median(latencies).toFixed(1)}, 99 % within ${worst.toFixed(1)}, goal below ${GOAL_HEALTH_MS}: ${mark(isAlive)}`,
  )
  return isQuick && isAlive
}

const mark = (good: boolean): string => (good ? 'reached' : 'MISSED')
