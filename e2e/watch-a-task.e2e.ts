import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { credits, expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { type LoupeServer, startServer } from './support/server.ts'

// What is watched takes its time, more of it on a busy machine.
/** A server of the test's own, just started: its running demo task is at the head of the queue. */
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
  'a task is watched to its end, paid once, and its file saved',
  async ({ page, own, id }) => {
    const bar = page.getByRole('progressbar', { name: 'Progress', exact: true })

    const seen = new Set<number>()
    await expect(async () => {
      seen.add(Number(await bar.getAttribute('aria-valuenow', { timeout: 500 })))
      expect(seen.size).toBeGreaterThan(3)
    }).toPass({ timeout: 120_000, intervals: [300] })
    expect([...seen]).toEqual([...seen].sort((a, b) => a - b))
    await expect(page).toHaveTitle(/^\d+ % Enhancing · Loupe$/)

    await expect(page.getByText('Processed', { exact: true })).toBeVisible({ timeout: 120_000 })
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
    await expect(page).toHaveTitle('Processed · Loupe')
    expect(await ledgerOf(own, id)).toHaveLength(1)

    const card = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('link', { name: /^Download/ }) })
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

test('a settled task is asked about no more, also after focus and coming back', async ({
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
  await page.getByRole('link', { name: 'All tasks' }).click()
  await page.goBack()
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  expect((await sandbox.state()).requestsByTask[id]).toBe(1)
})

running('a reload in mid-run goes on where the task is', async ({ page, id, own }) => {
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
  'the server is killed in mid-task and started again: the page goes on and the task ends',
  async ({ page, id, own }) => {
    const bar = page.getByRole('progressbar', { name: 'Progress', exact: true })
    const askNow = page.getByRole('button', { name: 'Ask now' })
    const deducted = credits(page).getByText('10 credits deducted')
    await expect(page.getByText('Enhancing', { exact: true })).toBeVisible()
    await expect(bar).not.toHaveAttribute('aria-valuenow', '0')
    const before = Number(await bar.getAttribute('aria-valuenow'))

    await own.kill()
    const unreachable = page.getByRole('region', { name: 'The server cannot be reached' })
    await expect(unreachable).toBeVisible()
    // What was last seen stays on the screen.
    await expect(bar).toHaveAttribute('aria-valuenow', String(before))
    await own.restart()

    // The page asks again by itself. After the pause the policy takes the task for a slow one and may
    // let half a minute pass, so that the end is then asked for by hand.
    await expect(unreachable).toBeHidden({ timeout: 120_000 })
    await expect(async () => {
      if (await askNow.isVisible()) await askNow.click({ timeout: 1000 })
      await expect(deducted).toBeVisible({ timeout: 1000 })
    }).toPass({ timeout: 120_000, intervals: [2000] })
    await expect(page.getByText('The API reported')).toBeHidden()
    expect(await ledgerOf(own, id)).toHaveLength(1)
  },
)

test('a part that cannot be loaded leaves the rest of the page, and comes with the page', async ({
  open,
  page,
}) => {
  const parts = '**/assets/{recorder,recording,file-grid}*.js'
  await page.route(parts, (route) => route.abort())
  await open('/tasks/sentinel-processed~part')
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  await expect(page.getByText('This part could not be loaded.')).toHaveCount(2)

  await page.unroute(parts)
  await page.getByRole('button', { name: 'Load the page again' }).first().click()
  await expect(page.getByRole('link', { name: 'Download dunes.png' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Record for a bug report' })).toBeVisible()
})

test('a countdown to a stated date hides no link when it is over', async ({ page, sandbox }) => {
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
  test(`a device whose clock is ${days} days off shows the countdown all the same`, async ({
    open,
    page,
  }) => {
    await page.clock.install({ time: Date.now() + days * 24 * 3_600_000 })
    await open(`/tasks/sentinel-processed~clock${days}`)
    await expect(page.getByText(/^Expires in (2 days|1 day 23 h)$/)).toBeVisible()
    await expect(page.getByRole('link', { name: /^Download/ })).toBeVisible()
  })
}
