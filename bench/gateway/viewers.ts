import { setTimeout as sleep } from 'node:timers/promises'
import { median, quantile } from './figures.ts'
import { type Plan, planOf } from './response-plan.ts'

const CROWDS = [1, 10, 100, 1000]
const ARRIVE_WITHIN_MS = 3000
/** Minimum wait of the dashboard, whatever the response says. */
const MIN_WAIT_MS = 1000

interface ViewerResponse {
  /** Null if the response had no freshness headers. */
  readonly plan: Plan | null
  readonly latencyMs: number
}

interface Watched {
  readonly answers: readonly ViewerResponse[]
  readonly requests: number
}

/** `many` viewers of one new task, until `end` of performance.now(). */
async function crowd(gateway: string, taskId: string, many: number, end: number) {
  const viewers = Array.from({ length: many }, (_, n) =>
    viewer(gateway, taskId, (ARRIVE_WITHIN_MS * n) / many, end),
  )
  return (await Promise.all(viewers)).flat()
}

/**
 * Does what the dashboard does: sends a request, and the next one when the response says that
 * there may be news.
 */
async function viewer(gateway: string, taskId: string, firstWait: number, end: number) {
  const answers: ViewerResponse[] = []
  let wait: number | null = firstWait
  while (wait !== null && performance.now() + wait < end) {
    await sleep(wait)
    const sentAt = performance.now()
    const send = () =>
      fetch(`${gateway}/api/get-task-status`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': `key-of-${taskId}` },
        body: JSON.stringify({ data: { taskId } }),
      })
    // Browsers also retry if the server closed an idle connection just as it was used again.
    const response = await send().catch(send)
    const body = await response.text()
    const latencyMs = performance.now() - sentAt
    if (!response.ok) throw new Error(`${response.status} ${body}`)
    if (!body.includes(`${taskId}.png`)) throw new Error(`Not the answer for ${taskId}: ${body}`)
    const plan = planOf(response.headers)
    answers.push({ plan, latencyMs })
    const next = plan === null ? 0 : plan.nextMs
    wait = next === null ? null : Math.max(MIN_WAIT_MS, next)
  }
  return answers
}

/** Returns whether the goals were reached on a server that runs on `platform`. */
export async function watched(
  platform: string,
  gateway: string,
  upstream: string,
  seconds: number,
): Promise<boolean> {
  console.log(`\nViewers of one running task on ${platform}, ${seconds} s each`)
  const all: Watched[] = []
  for (const many of CROWDS) {
    // A new key each time, with its whole hourly quota.
    const taskId = `running-${platform.toLowerCase()}-${many}`
    const answers = await crowd(gateway, taskId, many, performance.now() + 1000 * seconds)
    const requestCounts = (await (await fetch(upstream)).json()) as Record<string, number>
    all.push({ answers, requests: requestCounts[taskId] ?? 0 })
    row(many, { answers, requests: requestCounts[taskId] ?? 0 })
  }
  const alone = all[0]?.requests ?? 0
  const asFew = all.every(({ requests }) => requests <= alone)
  const planned = all.flatMap(({ answers }) => answers.map(({ plan }) => plan))
  const inTime = planned.every((plan) => plan !== null && plan.overdueMs === 0)
  console.log(`  a crowd costs no more requests than one viewer: ${mark(asFew)}`)
  console.log(`  each says when its next check is due, and none is overdue: ${mark(inTime)}`)
  return asFew && inTime
}

function row(many: number, { answers, requests }: Watched): void {
  const latencies = answers.map(({ latencyMs }) => latencyMs)
  const plans = answers.flatMap(({ plan }) => plan ?? [])
  const oldest = Math.max(...plans.map(({ ageMs }) => ageMs))
  const overdue = Math.max(...plans.map(({ overdueMs }) => overdueMs))
  const ages = `oldest ${(oldest / 1000).toFixed(1)} s, overdue by ${overdue} ms at most`
  const figures = [
    `${String(answers.length).padStart(6)} requests, ${String(requests).padStart(5)} upstream`,
    plans.length === 0 ? 'age not said' : ages,
    `ms: median ${median(latencies).toFixed(1)}, 99 % within ${quantile(latencies, 0.99).toFixed(1)}`,
  ]
  console.log(`  ${String(many).padStart(5)} viewers ${figures.join('   ')}`)
}

const mark = (good: boolean): string => (good ? 'reached' : 'MISSED')
