import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { credits, expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/** A dedicated server, just started: its running demo task is at the head of the queue. */
const running = test.extend<{ own: LoupeServer; id: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  own: async ({}, use) => {
    const own = await startServer(WATCHABLE)
    await use(own)
    await own.stop()
  },
  id: async ({ own, page }, use) => {
    const { key, tasks } = await sandboxOf(own.url).state()
    const id = tasks[0]?.id ?? ''
    await giveKey(page, key)
    await page.goto(`${own.url}/tasks/${id}`)
    await use(id)
  },
})

const ledgerOf = async (server: LoupeServer, id: string) =>
  (await sandboxOf(server.url).state()).ledger.filter((row) => row.taskId === id)

running(
  'a task is watched to its end, paid once, and its file is saved',
  async ({ page, own, id }) => {
    const bar = page.getByRole('progressbar', { name: 'Progress', exact: true })

    const seen = new Set<number>()
    await expect(async () => {
      seen.add(Number(await bar.getAttribute('aria-valuenow', { timeout: 500 })))
      expect(seen.size).toBeGreaterThan(1)
    }).toPass({ timeout: 120_000, intervals: [300] })
    expect([...seen]).toEqual([...seen].sort((a, b) => a - b))
    await expect(page).toHaveTitle(/^\d+% · .+ · Loupe$/)

    await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 120_000 })
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
    await expect(page).toHaveTitle(/^Done · harbour-at-dusk\.png · Loupe$/)
    expect(await ledgerOf(own, id)).toHaveLength(1)

    const card = page.getByRole('region', { name: 'File', exact: true })
    const facts = await card.textContent()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      card.getByRole('link', { name: /^Download/ }).click(),
    ])
    const bytes = await readFile(await download.path())
    const image = await sharp(bytes).metadata()
    expect(image.format).toBe('png')
    expect(facts).toContain('PNG')
    expect(facts).toContain(
      `${image.width.toLocaleString('en')} × ${image.height.toLocaleString('en')} px`,
    )
    expect(facts).toContain(
      `${(bytes.length / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`,
    )
  },
)

test('a settled task gets no further requests, even after focus and navigation', async ({
  open,
  sandbox,
}) => {
  const id = await sandbox.start('done')
  const page = await open(`/tasks/${id}`)
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  await page.evaluate(() => {
    dispatchEvent(new Event('focus'))
    document.dispatchEvent(new Event('visibilitychange'))
    dispatchEvent(new Event('online'))
  })
  await page.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
  await page.goBack()
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  expect((await sandbox.state()).requestsByTask[id]).toBe(1)
})

test('a first visit to the first demo: its image and its progress, from one click', async ({
  page,
}) => {
  const own = await startServer(WATCHABLE)
  try {
    const { tasks } = await sandboxOf(own.url).state()
    await page.goto(`${own.url}/tasks/${tasks[0]?.id}`)
    await page.getByRole('button', { name: 'Open the sandbox' }).click()
    const bar = page.getByRole('progressbar', { name: 'Progress', exact: true })
    const image = page.getByRole('img', { name: 'Original' })
    await expect(bar).toBeVisible()
    await expect(image).toBeVisible()
    await expect(page).toHaveTitle(/^(Queued|\d+%) · harbour-at-dusk\.png · Loupe$/)
    // The image itself, not its thumbnail.
    await expect(image).toHaveJSProperty('naturalWidth', 640)
    // The list keeps it.
    await page.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
    await expect(page.getByRole('link', { name: 'harbour-at-dusk.png' })).toBeVisible()
  } finally {
    await own.stop()
  }
})

running('a reload mid-run continues at the current progress', async ({ page, id, own }) => {
  await expect(page.getByText('Enhancing', { exact: true })).toBeVisible()
  const bar = page.getByRole('progressbar', { name: 'Progress', exact: true })
  const before = Number(await bar.getAttribute('aria-valuenow'))
  await page.reload()
  await expect(bar).toBeVisible()
  expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(before)
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible({ timeout: 120_000 })
  expect(await ledgerOf(own, id)).toHaveLength(1)
})

running(
  'the server is killed mid-task and restarted: the page recovers and the task ends',
  async ({ page, id, own }) => {
    const bar = page.getByRole('progressbar', { name: 'Progress', exact: true })
    const checkNow = page.getByRole('button', { name: 'Check now' })
    const deducted = credits(page).getByText('10 credits deducted')
    await expect(page.getByText('Enhancing', { exact: true })).toBeVisible()
    await expect(bar).not.toHaveAttribute('aria-valuenow', '0')
    const before = Number(await bar.getAttribute('aria-valuenow'))

    await own.kill()
    const unreachable = page.getByRole('region', { name: 'Can’t reach the Loupe server' })
    await expect(unreachable).toBeVisible()
    // The last known state stays on the screen; it may be newer than the one read before.
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(before)
    await own.restart()

    // The page retries on its own. After the outage the schedule treats the task as slow and may
    // wait half a minute, so the test also checks manually.
    await expect(unreachable).toBeHidden({ timeout: 120_000 })
    await expect(async () => {
      if (await checkNow.isVisible()) await checkNow.click({ timeout: 1000 })
      await expect(deducted).toBeVisible({ timeout: 1000 })
    }).toPass({ timeout: 120_000, intervals: [2000] })
    await expect(page.getByText('Progress went back')).toBeHidden()
    expect(await ledgerOf(own, id)).toHaveLength(1)
  },
)

test('the link stays when the countdown to a stated date is over', async ({ page, sandbox }) => {
  await page.clock.install()
  await giveKey(page, (await sandbox.state()).key)
  await page.goto('/tasks/sentinel-expiring')
  await expect(page.getByText(/^Expires in 1:\d\d$/)).toBeVisible()
  await expect(page.getByRole('link', { name: /^Download/ })).toBeVisible()
  await page.clock.fastForward(90_000)
  await expect(page.getByText(/^Expires in \d\d? s$/)).toBeVisible()
  await page.clock.fastForward(60_000)
  await expect(page.getByText('expiry not known')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Download/ })).toBeVisible()
})

for (const days of [-3, 3]) {
  test(`a device whose clock is ${days} days off still shows the right countdown`, async ({
    open,
    page,
  }) => {
    await page.clock.install({ time: Date.now() + days * 24 * 3_600_000 })
    await open(`/tasks/sentinel-processed~clock${days}`)
    await expect(page.getByText(/^Expires in (2 days|1 day 23 h)$/)).toBeVisible()
    await expect(page.getByRole('link', { name: /^Download/ })).toBeVisible()
  })
}
