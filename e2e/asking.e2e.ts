import type { BrowserContext, Page } from '@playwright/test'
import {
  AT_REST,
  credits,
  expect,
  giveKey,
  sandboxOf,
  test,
  WATCHABLE,
} from './support/fixtures.ts'
import { field, turn } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/** A server of the test's own, and tabs that all watch its running task. */
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

const questionsOf = async (server: LoupeServer, id: string) =>
  (await sandboxOf(server.url).state()).requestsByTask[id] ?? 0

/** Which tab asks, as the tab itself tells. */
async function role(page: Page): Promise<string> {
  await page.getByRole('button', { name: /left this hour|Paused|No limit|No questions/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Questions to Upscayl' })
  const text = await dialog.innerText()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  return /This tab asks/.test(text)
    ? 'asking'
    : /Another tab asks/.test(text)
      ? 'listening'
      : 'alone'
}

const end = { timeout: 120_000 }

tabs('three tabs ask as often as one, and all see the end', async ({ own, id, tab }) => {
  const pages = [await tab(), await tab(), await tab()]
  for (const page of pages) {
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible(end)
  }
  const questions = await questionsOf(own, id)
  for (const page of pages) {
    await expect(credits(page).getByText(`First seen at question ${questions}.`)).toBeVisible()
  }
  expect(questions).toBeLessThan(20)
  const { ledger } = await sandboxOf(own.url).state()
  expect(ledger.filter(({ taskId }) => taskId === id)).toHaveLength(1)
})

tabs('the asking tab is closed: another takes over', async ({ tab }) => {
  const [first, second] = [await tab(), await tab()]
  // A first tab that is too busy to answer within a second gives the turn to the second.
  const roles = async () => [await role(first), await role(second)]
  await expect(async () => expect((await roles()).sort()).toEqual(['asking', 'listening'])).toPass()
  const [asking, other] = (await role(first)) === 'asking' ? [first, second] : [second, first]
  await asking.close()
  await expect(async () => expect(await role(other)).toBe('asking')).toPass()
  await expect(credits(other).getByText('10 credits deducted')).toBeVisible(end)
})

tabs('a tab that is seen takes over from one that is hidden', async ({ tab }) => {
  const first = await tab()
  await turn(first, 'hidden')
  const second = await tab()
  await expect(async () => expect(await role(second)).toBe('asking')).toPass()
  await expect(async () => expect(await role(first)).toBe('listening')).toPass()
  await second.close()
  await expect(async () => expect(await role(first)).toBe('asking')).toPass()
  await expect(credits(first).getByText('10 credits deducted')).toBeVisible(end)
})

tabs('a tab that is frozen while it asks keeps no other from asking', async ({ own, id, tab }) => {
  const [first, second] = [await tab(), await tab()]
  const roles = async () => [await role(first), await role(second)]
  await expect(async () => expect((await roles()).sort()).toEqual(['asking', 'listening'])).toPass()
  const [asking, other] = (await role(first)) === 'asking' ? [first, second] : [second, first]
  const client = await asking.context().newCDPSession(asking)
  await client.send('Page.setWebLifecycleState', { state: 'frozen' })
  const before = await questionsOf(own, id)
  await other.getByRole('button', { name: 'Ask now' }).click()
  await expect.poll(() => questionsOf(own, id)).toBeGreaterThan(before)
  await expect(credits(other).getByText('10 credits deducted')).toBeVisible(end)
  await client.send('Page.setWebLifecycleState', { state: 'active' })
})

tabs('a hidden tab learns of the end, and asks less on the way', async ({ own, id, tab }) => {
  const page = await tab()
  await turn(page, 'hidden')
  await expect(page).toHaveTitle('Processed · Loupe', { timeout: 120_000 })
  expect(await questionsOf(own, id)).toBeLessThan(12)
})

test('offline the page says so, and back online it catches up', async ({ page, context }) => {
  const server = await startServer(WATCHABLE, true)
  try {
    const { key, tasks } = await sandboxOf(server.url).state()
    const id = tasks[0]?.id ?? ''
    await giveKey(page, key)
    await page.goto(`${server.pageUrl}/tasks/${id}`)
    await expect(page.getByRole('progressbar')).toBeVisible()
    await context.setOffline(true)
    await expect(page.getByText('Offline. Checks resume when you reconnect.')).toBeVisible({
      timeout: 120_000,
    })
    const before = await questionsOf(server, id)
    await context.setOffline(false)
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible(end)
    const question = await credits(page)
      .getByText(/First seen at question \d+/)
      .innerText()
    // The page counts its tries while offline, too, which are few and reached nobody.
    const counted = Number(/\d+/.exec(question)?.[0])
    const reached = await questionsOf(server, id)
    expect(counted).toBeGreaterThan(reached)
    expect(counted).toBeLessThan(reached + 10)
    expect(before).toBeGreaterThan(0)
  } finally {
    await server.stop()
  }
})

test('a browser that calls itself offline and is wrong is asked all the same', async ({ page }) => {
  const server = await startServer(AT_REST, true)
  try {
    await page.addInitScript(() => Object.defineProperty(navigator, 'onLine', { value: false }))
    await giveKey(page, (await sandboxOf(server.url).state()).key)
    const id = 'sentinel-stuck~offline'
    await page.goto(`${server.pageUrl}/tasks/${id}`)
    await expect(page.getByRole('progressbar')).toBeVisible()
    await page.evaluate(() => dispatchEvent(new Event('offline')))
    const before = (await questionsOf(server, id)) ?? 0
    await page.getByRole('button', { name: 'Ask now' }).click()
    await expect.poll(() => questionsOf(server, id)).toBeGreaterThan(before)
    await page.getByRole('link', { name: 'All tasks' }).click()
    await field(page).fill('sentinel-processed~offline')
    await page.keyboard.press('Enter')
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  } finally {
    await server.stop()
  }
})

test('a 429 in mid-run shows when checks resume, keeps what was seen, and resumes then', async ({
  open,
  page,
}) => {
  await page.clock.install()
  await open('/tasks/sentinel-429-midway~1')
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '20')
  const limited = page.getByRole('region', { name: 'The allowance of this key is used up' })
  await expect(async () => {
    await page.clock.fastForward(10_000)
    await expect(limited).toBeVisible({ timeout: 500 })
  }).toPass()
  await expect(limited.getByText(/Checks resume at \d\d:\d\d, in \d/)).toBeVisible()
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '40')
  await expect(page.getByRole('button', { name: /No question left until/ })).toBeDisabled()
  await expect(async () => {
    await page.clock.fastForward(61_000)
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible({ timeout: 1000 })
  }).toPass()
  await expect(limited).toBeHidden()
})

const asking = (context: BrowserContext, page: Page) => ({
  stored: () =>
    page.evaluate(() => {
      const name = Object.keys(localStorage).find((each) => each.startsWith('loupe:asking:'))
      return name === undefined ? null : { name, text: localStorage.getItem(name) ?? '' }
    }),
  context,
})

test('the allowance outlives a reload, and a garbled one does no harm', async ({
  open,
  context,
  page,
}) => {
  await open('/tasks/sentinel-processed~allowance')
  await expect(page.getByRole('button', { name: /left this hour/ })).toHaveText(
    '97 of 100 left this hour',
  )
  await page.reload()
  await expect(page.getByRole('button', { name: /left this hour/ })).toHaveText(
    '96 of 100 left this hour',
  )
  const { stored } = asking(context, page)
  const name = (await stored())?.name ?? ''
  await page.evaluate((each) => localStorage.setItem(each, '{"allowance":'), name)
  await page.reload()
  await expect(page.getByRole('button', { name: /left this hour/ })).toHaveText(
    '97 of 100 left this hour',
  )
})

test('where nothing is left the page says when, and asks nothing', async ({
  open,
  page,
  sandbox,
}) => {
  const id = 'sentinel-stuck~spent'
  await open(`/tasks/${id}`)
  await expect(page.getByRole('progressbar')).toBeVisible()
  const before = (await sandbox.state()).requestsByTask[id]
  await page.getByRole('button', { name: /left this hour/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Questions to Upscayl' })
  await dialog.getByLabel('Questions an hour').fill('1,5')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('A whole number from 1')).toBeVisible()
  await dialog.getByLabel('Questions an hour').fill('1')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText(/0 of 1 left this hour, the next at \d\d:\d\d/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(
    page.getByText(/Next question at \d\d:\d\d, in \d+ min: the limit is used up/),
  ).toBeVisible()
  await expect(
    page.getByRole('button', { name: /No question left until \d\d:\d\d/ }),
  ).toBeDisabled()
  expect((await sandbox.state()).requestsByTask[id]).toBe(before)
})

test('paused, nothing is asked but by hand; resumed, it goes on', async ({
  open,
  page,
  sandbox,
}) => {
  await page.clock.install()
  const id = 'sentinel-stuck~paused'
  const asked = async () => (await sandbox.state()).requestsByTask[id] ?? 0
  await open(`/tasks/${id}`)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.getByRole('button', { name: /left this hour/ }).click()
  await page.getByRole('button', { name: 'Pause all questions' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByText('Paused: Loupe asks nothing by itself')).toBeVisible()
  const before = await asked()
  await page.clock.runFor(600_000)
  expect(await asked()).toBe(before)
  await page.getByRole('button', { name: 'Ask now' }).click()
  await expect.poll(asked).toBe(before + 1)
  await page.getByRole('button', { name: 'Paused' }).click()
  await page.getByRole('button', { name: 'Resume all questions' }).click()
  await page.clock.runFor(600_000)
  await expect.poll(asked).toBeGreaterThan(before + 1)
})

test('a clock that jumps neither stops the questions nor floods the API', async ({
  open,
  page,
  sandbox,
}) => {
  const id = 'sentinel-stuck~clock'
  const asked = async () => (await sandbox.state()).requestsByTask[id] ?? 0
  await page.clock.install({ time: '2026-05-01T12:00:00Z' })
  await open(`/tasks/${id}`)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.clock.setSystemTime('2027-05-01T12:00:00Z')
  await page.clock.runFor(120_000)
  const ahead = await asked()
  expect(ahead).toBeGreaterThan(1)
  await page.clock.setSystemTime('2020-05-01T12:00:00Z')
  // Until an answer has come, however long it takes, no next question is planned.
  await expect(async () => {
    await page.clock.runFor(60_000)
    expect(await asked()).toBeGreaterThan(ahead)
  }).toPass()
  expect(await asked()).toBeLessThan(98)
})

test('a browser that cannot coordinate tabs still works, and says so', async ({ open, page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }))
  await open('/tasks/sentinel-processed~alone')
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  expect(await role(page)).toBe('alone')
})
