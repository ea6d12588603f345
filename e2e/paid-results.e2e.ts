import type { Page } from '@playwright/test'
import { test } from './support/file-fixtures.ts'
import { expect, giveKey } from './support/fixtures.ts'

/* Paid results stay available, whatever the API returns in between. */

const KEY = 'a-key-of-nobody-1234567890'
const download = (page: Page, name: string) => page.getByRole('link', { name: `Download ${name}` })

for (const id of ['late-files', 'late-link']) {
  test(`${id}: files of a paid result are requested three more times, then by button`, async ({
    page,
    host,
  }) => {
    await page.clock.install()
    const requests = () => host.asked.filter((path) => path === '/get-task-status').length
    const before = requests()
    await giveKey(page, KEY)
    await page.goto(`/tasks/${id}`)
    await expect(page.getByText(/^Next check/)).toBeVisible()
    // From here on only the test advances the time.
    await page.clock.pauseAt(Date.now() + 1000)
    const checks = [
      [6000, /^Next check in (1\d|20) s/],
      [21_000, /^Next check in (5\d s|1:00)/],
      [61_000, 'Checks stopped'],
    ] as const
    for (const [wait, text] of checks) {
      await page.clock.runFor(wait)
      await expect(page.getByText(text)).toBeVisible()
    }
    expect(requests()).toBe(before + 4)
    await page.clock.runFor(3_600_000)
    expect(requests()).toBe(before + 4)
    await page.getByRole('button', { name: 'Check now' }).click()
    await expect(download(page, 'late.png')).toBeVisible()
    await expect(page.getByText('Up to date')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Check now' })).toHaveCount(0)
  })
}

for (const status of [400, 401, 402, 403, 404]) {
  test(`one ${status} among good responses is checked again, and polling continues`, async ({
    page,
  }) => {
    await page.clock.install()
    await giveKey(page, KEY)
    await page.goto(`/tasks/stray-${status}`)
    const bar = page.getByRole('progressbar')
    await expect(bar).toHaveAttribute('aria-valuenow', '40')
    const recheck = page.getByText(/Checking again (in \d s|now) to confirm/)
    await expect(async () => {
      await page.clock.runFor(1000)
      await expect(recheck).toBeVisible({ timeout: 500 })
    }).toPass()
    await expect(bar).toHaveAttribute('aria-valuenow', '40')
    await expect(page).toHaveTitle(/^4\d% · /)
    await page.clock.runFor(3000)
    await expect(bar).toHaveAttribute('aria-valuenow', '42')
    await expect(recheck).toHaveCount(0)
  })
}

test('a persistent error is accepted, and the last state stays on the page', async ({ page }) => {
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
  await expect(page.getByRole('button', { name: 'Check now' }).first()).toBeVisible()
})
