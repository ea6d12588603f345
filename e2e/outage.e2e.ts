import { AT_REST, expect, giveKey, sandboxOf, test } from './support/fixtures.ts'
import { startServer } from './support/server.ts'

test('an outage of the server is said on every page, and its end is noticed at once', async ({
  page,
}) => {
  const server = await startServer(AT_REST)
  try {
    const { key } = await sandboxOf(server.url).state()
    await giveKey(page, key)
    await page.clock.install()
    await page.goto(`${server.url}/tasks/sentinel-stuck`)
    await expect(page.getByRole('progressbar').first()).toBeVisible()
    const banner = page.getByRole('status').filter({ hasText: 'Retry now' })
    await expect(banner).toHaveCount(0)

    await server.kill()
    await page.getByRole('button', { name: 'Check now' }).click()
    await expect(banner).toBeVisible({ timeout: 10_000 })
    await page.getByRole('link', { name: 'Loupe', exact: true }).click()
    await expect(banner).toBeVisible()
    await page.goBack()
    await expect(banner).toBeVisible()
    // From here on no check of its own is due, which could end the outage before the click.
    await page.clock.pauseAt(Date.now() + 1000)

    const answered = page.waitForResponse(/get-task-status/)
    await server.restart()
    await page.getByRole('button', { name: 'Retry now' }).click()
    await expect(banner).toHaveCount(0)
    await page.clock.resume()
    expect((await answered).status()).toBe(200)
  } finally {
    await server.stop()
  }
})
