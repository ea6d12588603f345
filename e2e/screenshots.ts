import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { addTasks, row } from './support/list.ts'
import { startServer } from './support/server.ts'

/* `npm run screenshots` creates the README images from the real app. */

async function save(page: Page, name: string) {
  const loaded = () => [...document.images].every((image) => image.naturalWidth > 0)
  await page.waitForFunction(loaded)
  await sharp(await page.screenshot({ animations: 'disabled' }))
    .webp({ quality: 88 })
    .toFile(`docs/${name}.webp`)
}

test.use({ viewport: { width: 1280, height: 1000 } })

for (const theme of ['light', 'dark'] as const) {
  test(`a batch, ${theme}`, async ({ page }) => {
    const server = await startServer({ ...WATCHABLE, LOUPE_SANDBOX_DEMOS: 'batch' })
    try {
      const { key, tasks } = await sandboxOf(server.url).state()
      await page.emulateMedia({ colorScheme: theme })
      await giveKey(page, key)
      await page.goto(`${server.url}/tasks/${tasks[0]?.id}`)
      await expect(page.getByText('60 credits deducted', { exact: true })).toBeVisible({
        timeout: 90_000,
      })
      await page.waitForLoadState('networkidle')
      await save(page, `batch-${theme}`)
    } finally {
      await server.stop()
    }
  })
}

test('the list', async ({ page }) => {
  const server = await startServer({ ...WATCHABLE, LOUPE_SANDBOX_DEMOS: '' })
  try {
    const { key, tasks } = await sandboxOf(server.url).state()
    await giveKey(page, key)
    await page.goto(server.url)
    const others = ['expiring', 'batch', 'hostile-values', 'error-404'].map(
      (name) => `sentinel-${name}`,
    )
    await addTasks(page, [...tasks.map(({ id }) => id), ...others])
    await expect(row(page, tasks[0]?.id.slice(0, 8) ?? '')).toContainText(/[3-6]\d%/, {
      timeout: 30_000,
    })
    await page.waitForLoadState('networkidle')
    await save(page, 'list-light')
  } finally {
    await server.stop()
  }
})
