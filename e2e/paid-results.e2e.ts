import type { Page } from '@playwright/test'
import { openTask, test } from './support/file-fixtures.ts'
import { expect, giveKey } from './support/fixtures.ts'

/* What was paid for stays within reach, whatever an API says of it on the way. */

const KEY = 'a-key-of-nobody-1234567890'
const download = (page: Page, name: string) => page.getByRole('link', { name: `Download ${name}` })

for (const id of ['late-files', 'late-link']) {
  test(`${id}: a paid result is asked for its files three times more, then by a button`, async ({
    page,
    host,
  }) => {
    await page.clock.install()
    const asked = () => host.asked.filter((path) => path === '/get-task-status').length
    const before = asked()
    await openTask(page, id)
    await expect(page.getByText(/^Next question/)).toBeVisible()
    // From here on only the test moves the time.
    await page.clock.pauseAt(Date.now() + 1000)
    const checks = [
      [6000, /^Next question in (1\d|20) s/],
      [21_000, /^Next question in (5\d s|1:00)/],
      [61_000, 'Loupe has stopped asking'],
    ] as const
    for (const [wait, then] of checks) {
      await page.clock.runFor(wait)
      await expect(page.getByText(then)).toBeVisible()
    }
    expect(asked()).toBe(before + 4)
    await page.clock.runFor(3_600_000)
    expect(asked()).toBe(before + 4)
    await page.getByRole('button', { name: 'Ask now' }).click()
    await expect(download(page, 'late.png')).toBeVisible()
    await expect(page.getByText('All is known; Loupe asks no more')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Ask now' })).toHaveCount(0)
  })
}

for (const status of [400, 401, 402, 403, 404]) {
  test(`one ${status} amid good answers is doubted, and the watch goes on`, async ({ page }) => {
    await page.clock.install()
    await giveKey(page, KEY)
    await page.goto(`/tasks/stray-${status}`)
    const bar = page.getByRole('progressbar')
    await expect(bar).toHaveAttribute('aria-valuenow', '40')
    const doubt = page.getByText(/Checking again (in \d s|now) to make sure/)
    await expect(async () => {
      await page.clock.runFor(1000)
      await expect(doubt).toBeVisible({ timeout: 500 })
    }).toPass()
    await expect(bar).toHaveAttribute('aria-valuenow', '40')
    await expect(page).toHaveTitle(/Enhancing/)
    await page.clock.runFor(3000)
    await expect(bar).toHaveAttribute('aria-valuenow', '42')
    await expect(doubt).toHaveCount(0)
  })
}

test('a refusal that stays is believed, and the last state stays on the page', async ({ page }) => {
  await page.clock.install()
  await giveKey(page, KEY)
  await page.goto('/tasks/vanishing')
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '40')
  const panel = page.getByRole('region', { name: 'Task no longer found' })
  await expect(async () => {
    await page.clock.runFor(10_000)
    await expect(panel).toBeVisible({ timeout: 500 })
  }).toPass()
  await expect(panel.getByText(/typo/)).toHaveCount(0)
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '40')
  await expect(page.getByRole('button', { name: 'Ask now' }).first()).toBeVisible()
})
