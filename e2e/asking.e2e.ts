import type { Page } from '@playwright/test'
import {
  AT_REST,
  credits,
  expect,
  giveKey,
  nextCheck,
  sandboxOf,
  test,
  WATCHABLE,
} from './support/fixtures.ts'
import { field, openAdd, written } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

const requestCount = async (server: LoupeServer, id: string) =>
  (await sandboxOf(server.url).state()).requestsByTask[id] ?? 0

const end = { timeout: 120_000 }

test('the page shows that it is offline and catches up when back online', async ({
  page,
  context,
}) => {
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
    const before = await requestCount(server, id)
    await context.setOffline(false)
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible(end)
    const firstSeen = await credits(page)
      .getByTitle(/First seen on check \d+/)
      .getAttribute('title')
    // The page also counts its attempts while offline, which are few and never arrived.
    const counted = Number(/\d+/.exec(firstSeen ?? '')?.[0])
    const received = await requestCount(server, id)
    expect(counted).toBeGreaterThan(received)
    expect(counted).toBeLessThan(received + 10)
    expect(before).toBeGreaterThan(0)
  } finally {
    await server.stop()
  }
})

test('requests are sent even if navigator.onLine is wrongly false', async ({ page }) => {
  const server = await startServer(AT_REST, true)
  try {
    await page.addInitScript(() => Object.defineProperty(navigator, 'onLine', { value: false }))
    await giveKey(page, (await sandboxOf(server.url).state()).key)
    const id = 'sentinel-stuck~offline'
    await page.goto(`${server.pageUrl}/tasks/${id}`)
    await expect(page.getByRole('progressbar')).toBeVisible()
    await page.evaluate(() => dispatchEvent(new Event('offline')))
    const before = (await requestCount(server, id)) ?? 0
    await page.getByRole('button', { name: 'Check now' }).click()
    await expect.poll(() => requestCount(server, id)).toBeGreaterThan(before)
    await page.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
    await openAdd(page)
    await field(page).fill('sentinel-processed~offline')
    await page.keyboard.press('Enter')
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  } finally {
    await server.stop()
  }
})

test('a 429 mid-run shows when checks resume, keeps the last state, and resumes then', async ({
  open,
  page,
}) => {
  await page.clock.install()
  await open('/tasks/sentinel-429-midway~1')
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '20')
  const limited = page.getByRole('region', { name: 'Hourly limit reached' })
  await nextCheck(page)
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '40')
  await nextCheck(page)
  await expect(limited).toBeVisible()
  await expect(limited.getByText(/Checks resume at \d\d:\d\d, in \d/)).toBeVisible()
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '40')
  await expect(
    page.getByRole('button', { name: /No checks left until/, disabled: true }),
  ).toBeVisible()
  await expect(async () => {
    await page.clock.fastForward(61_000)
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible({ timeout: 1000 })
  }).toPass()
  await expect(limited).toBeHidden()
})

const storedState = (page: Page) =>
  page.evaluate(() => {
    const name = Object.keys(localStorage).find((each) => each.startsWith('loupe:asking:'))
    return name === undefined ? null : { name, text: localStorage.getItem(name) ?? '' }
  })

test('the quota survives a reload, and a corrupted one does no harm', async ({ open, page }) => {
  await open('/tasks/sentinel-processed~quota')
  await expect(page.getByRole('button', { name: /of 100 checks left/ })).toHaveAccessibleName(
    '97 of 100 checks left',
  )
  await page.reload()
  await expect(page.getByRole('button', { name: /of 100 checks left/ })).toHaveAccessibleName(
    '96 of 100 checks left',
  )
  const name = (await storedState(page))?.name ?? ''
  // From a page without the app, which would store its own state again with the next response.
  await page.goto('/healthz')
  await page.evaluate((each) => localStorage.setItem(each, '{"allowance":'), name)
  await page.goBack()
  await expect(page.getByRole('button', { name: /of 100 checks left/ })).toHaveAccessibleName(
    '97 of 100 checks left',
  )
})

test('a check that is interrupted by a reload counts, and is no outage', async ({
  open,
  page,
  server,
}) => {
  const id = 'sentinel-slow~reload'
  const left = page.getByRole('button', { name: /of 100 checks left/ })
  await open(`/tasks/${id}`)
  await expect.poll(() => requestCount(server, id)).toBe(1)
  await page.reload()
  await expect.poll(() => requestCount(server, id)).toBe(2)
  await expect(left).toHaveAccessibleName('96 of 100 checks left')
  const { text } = (await storedState(page)) ?? {}
  expect(JSON.parse(text ?? '')).toMatchObject({ allowance: { outage: null } })
})

test('with no requests left the page says until when, and sends none', async ({
  open,
  page,
  sandbox,
}) => {
  const id = 'sentinel-stuck~spent'
  await page.clock.install()
  await open(`/tasks/${id}`)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.getByRole('button', { name: /of 100 checks left/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Status checks' })
  await dialog.getByLabel('Checks per hour').fill('1,5')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('Enter a whole number from 1')).toBeVisible()
  await dialog.getByLabel('Checks per hour').fill('1')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText(/0 of 1 checks left, next at \d\d:\d\d/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(page.getByText(/Next check at \d\d:\d\d \(hourly limit reached\)/)).toBeVisible()
  await expect(
    page.getByRole('button', { name: /No checks left until \d\d:\d\d/, disabled: true }),
  ).toBeVisible()
  const before = (await sandbox.state()).requestsByTask[id]
  await page.clock.runFor(600_000)
  expect((await sandbox.state()).requestsByTask[id]).toBe(before)
})

test('paused, only manual checks are sent; resumed, checks continue', async ({
  open,
  page,
  sandbox,
}) => {
  await page.clock.install()
  const id = 'sentinel-stuck~paused'
  const requests = async () => (await sandbox.state()).requestsByTask[id] ?? 0
  await open(`/tasks/${id}`)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.getByRole('button', { name: /of 100 checks left/ }).click()
  await page.getByRole('button', { name: 'Pause checking' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('main').getByText('Paused', { exact: true })).toBeVisible()
  const before = await requests()
  await page.clock.runFor(600_000)
  expect(await requests()).toBe(before)
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect.poll(requests).toBe(before + 1)
  await written(page, 1)
  // A page that opens meanwhile shows what is stored, or why it shows nothing.
  await page.reload()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(page.getByRole('main').getByText('Paused', { exact: true })).toBeVisible()
  await page.goto('/tasks/sentinel-stuck~unknown')
  await expect(page.getByRole('main').getByText('Paused', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Check now' })).toBeEnabled()
  await page.goto(`/tasks/${id}`)
  expect((await sandbox.state()).requestsByTask['sentinel-stuck~unknown']).toBeUndefined()
  expect(await requests()).toBe(before + 1)
  await page.getByRole('button', { name: 'Checks paused' }).click()
  await page.getByRole('button', { name: 'Resume checking' }).click()
  await nextCheck(page)
  await expect.poll(requests).toBeGreaterThan(before + 1)
})

test('a clock jump neither stops requests nor floods the API', async ({ open, page, sandbox }) => {
  const id = 'sentinel-stuck~clock'
  const requests = async () => (await sandbox.state()).requestsByTask[id] ?? 0
  await page.clock.install({ time: '2026-05-01T12:00:00Z' })
  await open(`/tasks/${id}`)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.clock.setSystemTime('2027-05-01T12:00:00Z')
  await nextCheck(page)
  const ahead = await requests()
  expect(ahead).toBeGreaterThan(1)
  await page.clock.setSystemTime('2020-05-01T12:00:00Z')
  await nextCheck(page)
  expect(await requests()).toBeGreaterThan(ahead)
  await page.clock.runFor(120_000)
  expect(await requests()).toBeLessThan(98)
})
