import type { Page } from '@playwright/test'
import { credits, expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { turn } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* Several tabs with one task: one of them sends the requests of all. */

/** A dedicated server, and tabs that all watch its running task. */
const tabs = test.extend<{ own: LoupeServer; id: string; tab: () => Promise<Page> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  own: async ({}, use) => {
    const own = await startServer(WATCHABLE)
    await use(own)
    await own.stop()
  },
  id: async ({ own }, use) => {
    const { tasks } = await sandboxOf(own.url).state()
    await use(tasks[0]?.id ?? '')
  },
  tab: async ({ own, id, context }, use) => {
    const { key } = await sandboxOf(own.url).state()
    await use(async () => {
      const page = await context.newPage()
      await giveKey(page, key)
      await page.goto(`${own.url}/tasks/${id}`)
      await expect(page.getByRole('progressbar')).toBeVisible()
      return page
    })
  },
})

const requestCount = async (server: LoupeServer, id: string) =>
  (await sandboxOf(server.url).state()).requestsByTask[id] ?? 0

/** The tab's role, from its own dialog. */
async function role(page: Page): Promise<string> {
  await page.getByRole('button', { name: /of 100 checks left|^Checks paused$|^No limit/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Status checks' })
  const text = await dialog.innerText()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  return /This tab makes/.test(text)
    ? 'leader'
    : /Another tab makes/.test(text)
      ? 'follower'
      : 'solo'
}

const end = { timeout: 120_000 }

tabs('three tabs send as many requests as one, and all see the end', async ({ own, id, tab }) => {
  const pages = [await tab(), await tab(), await tab()]
  for (const page of pages) {
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible(end)
  }
  const requests = await requestCount(own, id)
  for (const page of pages) {
    await expect(credits(page).getByTitle(`First seen on check ${requests}.`)).toBeVisible()
  }
  expect(requests).toBeLessThan(20)
  const { ledger } = await sandboxOf(own.url).state()
  expect(ledger.filter(({ taskId }) => taskId === id)).toHaveLength(1)
})

/** Tabs that watch a task without an end: each manual or automatic check is one request more. */
const endless = test.extend<{ id: string; tab: () => Promise<Page> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  id: async ({}, use, { testId, retry }) => use(`sentinel-stuck~${testId}-${retry}`),
  tab: async ({ server, sandbox, id, context }, use) => {
    const { key } = await sandbox.state()
    await use(async () => {
      const page = await context.newPage()
      await giveKey(page, key)
      await page.goto(`${server.url}/tasks/${id}`)
      await expect(page.getByRole('progressbar')).toBeVisible()
      return page
    })
  },
})

/** Two tabs, as soon as one of them leads. */
async function leaderAndFollower(tab: () => Promise<Page>) {
  const [first, second] = [await tab(), await tab()]
  // A first tab that is too busy to respond within a second loses the leadership to the second tab.
  const roles = async () => [await role(first), await role(second)]
  await expect(async () => expect((await roles()).sort()).toEqual(['follower', 'leader'])).toPass()
  const [leader, other] = (await role(first)) === 'leader' ? [first, second] : [second, first]
  return { leader, other }
}

/** The tab goes on sending requests by itself. */
async function expectPolling(server: LoupeServer, id: string) {
  const before = await requestCount(server, id)
  await expect.poll(() => requestCount(server, id), { timeout: 60_000 }).toBeGreaterThan(before)
}

endless('another tab takes over when the leader is closed', async ({ server, id, tab }) => {
  const { leader, other } = await leaderAndFollower(tab)
  await leader.close()
  await expect(async () => expect(await role(other)).toBe('leader')).toPass()
  await expectPolling(server, id)
})

endless('a visible tab takes over from a hidden one', async ({ server, id, tab }) => {
  const first = await tab()
  await turn(first, 'hidden')
  const second = await tab()
  await expect(async () => expect(await role(second)).toBe('leader')).toPass()
  await expect(async () => expect(await role(first)).toBe('follower')).toPass()
  await second.close()
  await expect(async () => expect(await role(first)).toBe('leader')).toPass()
  await turn(first, 'visible')
  await expectPolling(server, id)
})

endless(
  'a frozen leader does not keep other tabs from sending requests',
  async ({ server, id, tab }) => {
    const { leader, other } = await leaderAndFollower(tab)
    const client = await leader.context().newCDPSession(leader)
    await client.send('Page.setWebLifecycleState', { state: 'frozen' })
    const before = await requestCount(server, id)
    await other.getByRole('button', { name: 'Check now' }).click()
    await expect.poll(() => requestCount(server, id)).toBeGreaterThan(before)
    await expectPolling(server, id)
    await client.send('Page.setWebLifecycleState', { state: 'active' })
  },
)

tabs('a hidden tab sees the end and sends fewer requests', async ({ own, id, tab }) => {
  const page = await tab()
  await turn(page, 'hidden')
  await expect(page).toHaveTitle(/^Done · .+ · Loupe$/, { timeout: 120_000 })
  expect(await requestCount(own, id)).toBeLessThan(12)
})

test('a browser that cannot coordinate tabs still works and says so', async ({ open, page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }))
  await open('/tasks/sentinel-processed~alone')
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  expect(await role(page)).toBe('solo')
})
