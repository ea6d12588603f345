import { Hono } from 'hono'
import * as v from 'valibot'
import { DEMO_NAMES, DEMOS, type DemoName, isDemoName } from './demos.ts'
import type { Shelf } from './recordings.ts'
import type { RequestCounter } from './request-counter.ts'
import { FOREIGN_TASK } from './seed.ts'
import { SENTINEL_LIST } from './sentinels.ts'
import type { Account, Accounts } from './store/accounts.ts'
import type { StoredTask, Tasks } from './store/tasks.ts'

export interface DemoRouteOptions {
  readonly account: Account
  readonly accounts: Accounts
  readonly tasks: Tasks
  readonly counter: RequestCounter
  readonly recordings: Shelf
  /** Stores a new demo task and has it worked on; resolves when it can be shown. */
  readonly startDemo: (name: DemoName) => Promise<string>
}

const order = v.object({ demo: v.picklist(DEMO_NAMES) })

const summary = (demo: DemoName, id: string) => ({
  id,
  demo,
  title: DEMOS[demo].title,
  says: DEMOS[demo].says,
})

const listed = (task: StoredTask) =>
  isDemoName(task.demo) ? [{ ...summary(task.demo, task.id), createdAt: task.createdAt }] : []

/** `/sandbox`: what is there to look at, and what has happened. No part of the API. */
export function demoRoute(options: DemoRouteOptions): Hono {
  const { account, accounts, tasks, counter, recordings, startDemo } = options
  return new Hono()
    .get('/sandbox', (c) => {
      c.header('cache-control', 'no-store')
      return c.json({
        key: account.apiKey,
        tasks: tasks.ofAccount(account.id).flatMap(listed),
        sentinels: [...SENTINEL_LIST, FOREIGN_TASK],
        recordings: recordings.list(),
        balance: accounts.byId(account.id)?.balance ?? 0,
        ledger: accounts.ledger(account.id),
        ...counter.read(),
      })
    })
    .post('/sandbox/tasks', async (c) => {
      const body = v.safeParse(order, await c.req.json().catch(() => undefined))
      if (!body.success) {
        const message = `The body has to be {"demo":"…"} with one of: ${DEMO_NAMES.join(', ')}.`
        return c.json({ error: 'BAD_REQUEST', message }, 400)
      }
      const { demo } = body.output
      return c.json(summary(demo, await startDemo(demo)), 201)
    })
}
