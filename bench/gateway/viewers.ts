import { setTimeout as sleep } from 'node:timers/promises'
import { type Plan, planOf } from './answer-plan.ts'
import { median, quantile } from './figures.ts'

const CROWDS = [1, 10, 100, 1000]
const ARRIVE_WITHIN_MS = 3000
/** As the dashboard's own, whatever it is told. */
const SHORTEST_WAIT_MS = 1000

interface Answered {
  /** Null: the answer said nothing of it. */
  readonly plan: Plan | null
  readonly latencyMs: number
}

interface Watched {
  readonly answers: readonly Answered[]
  readonly questions: number
}

/** So many viewers of one new task, until `end` of performance.now(). */
async function crowd(gateway: string, taskId: string, many: number, end: number) {
  const viewers = Array.from({ length: many }, (_, n) =>
    viewer(gateway, taskId, (ARRIVE_WITHIN_MS * n) / many, end),
  )
  return (await Promise.all(viewers)).flat()
}

/** What the dashboard does: asks, and comes back when the answer says that there may be news. */
async function viewer(gateway: string, taskId: string, comesIn: number, end: number) {
  const answers: Answered[] = []
  let wait: number | null = comesIn
  while (wait !== null && performance.now() + wait < end) {
    await sleep(wait)
    const sentAt = performance.now()
    const ask = () =>
      fetch(`${gateway}/api/get-task-status`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': `key-of-${taskId}` },
        body: JSON.stringify({ data: { taskId } }),
      })
    // As browsers do where the server closed an idle connection in the moment it was used again.
    const response = await ask().catch(ask)
    const body = await response.text()
    const latencyMs = performance.now() - sentAt
    if (!response.ok) throw new Error(`${response.status} ${body}`)
    if (!body.includes(`${taskId}.png`)) throw new Error(`Not the answer for ${taskId}: ${body}`)
    const plan = planOf(response.headers)
    answers.push({ plan, latencyMs })
    const next = plan === null ? 0 : plan.nextMs
    wait = next === null ? null : Math.max(SHORTEST_WAIT_MS, next)
  }
  return answers
}

/** Tells whether the goals were reached, on a server that runs on `platform`. */
export async function watched(
  platform: string,
  gateway: string,
  upstream: string,
  seconds: number,
): Promise<boolean> {
  console.log(`\nViewers of one running task on ${platform}, ${seconds} s each`)
  const all: Watched[] = []
  for (const many of CROWDS) {
    // A new key each time, with all of its hour's questions.
    const taskId = `running-${platform.toLowerCase()}-${many}`
    const answers = await crowd(gateway, taskId, many, performance.now() + 1000 * seconds)
    const asked = (await (await fetch(upstream)).json()) as Record<string, number>
    all.push({ answers, questions: asked[taskId] ?? 0 })
    row(many, { answers, questions: asked[taskId] ?? 0 })
  }
  const alone = all[0]?.questions ?? 0
  const asFew = all.every(({ questions }) => questions <= alone)
  const planned = all.flatMap(({ answers }) => answers.map(({ plan }) => plan))
  const inTime = planned.every((plan) => plan !== null && plan.overdueMs === 0)
  console.log(`  a crowd costs no more questions than one viewer: ${mark(asFew)}`)
  console.log(`  each says when its next question is due, and none is overdue: ${mark(inTime)}`)
  return asFew && inTime
}

function row(many: number, { answers, questions }: Watched): void {
  const latencies = answers.map(({ latencyMs }) => latencyMs)
  const plans = answers.flatMap(({ plan }) => plan ?? [])
  const oldest = Math.max(...plans.map(({ ageMs }) => ageMs))
  const overdue = Math.max(...plans.map(({ overdueMs }) => overdueMs))
  const ages = `oldest ${(oldest / 1000).toFixed(1)} s, overdue by ${overdue} ms at most`
  const figures = [
    `${String(answers.length).padStart(6)} requests, ${String(questions).padStart(5)} upstream`,
    plans.length === 0 ? 'age not said' : ages,
    `ms: median ${median(latencies).toFixed(1)}, 99 % within ${quantile(latencies, 0.99).toFixed(1)}`,
  ]
  console.log(`  ${String(many).padStart(5)} viewers ${figures.join('   ')}`)
}

const mark = (good: boolean): string => (good ? 'reached' : 'MISSED')
