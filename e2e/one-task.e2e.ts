import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, giveKey, sandboxOf, test } from './support/fixtures.ts'
import { rows } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* Several images as one task. The sandbox deducts 10 credits an image. */

const it = test.extend<{ own: LoupeServer; keys: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  own: async ({}, use) => {
    const own = await startServer({ LOUPE_SANDBOX_PACE: '0', LOUPE_SANDBOX_DEMOS: 'none' })
    await use(own)
    await own.stop()
  },
  /** The Idempotency-Key of each start. */
  keys: async ({ page }, use) => {
    const keys: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/api/start-task'))
        keys.push(request.headers()['idempotency-key'] ?? '')
    })
    await use(keys)
  },
})

const NAMES = ['one.png', 'two.png', 'three.png']
const COLOURS = ['red', 'green', 'blue']

/** New task with three images, to be started as one. */
async function choose(page: Page, own: LoupeServer): Promise<void> {
  await giveKey(page, (await sandboxOf(own.url).state()).key)
  await page.goto(`${own.url}/new`)
  const files = NAMES.map(async (name, n) => ({
    name,
    mimeType: 'image/png',
    buffer: await sharp({
      create: { width: 32, height: 32, channels: 3, background: COLOURS[n] ?? 'white' },
    })
      .png()
      .toBuffer(),
  }))
  await page.getByLabel(/^(Choose|Add) images$/).setInputFiles(await Promise.all(files))
  await expect(page.getByRole('radio', { name: 'One task each' })).toBeChecked()
  await page.getByRole('radio', { name: 'One task for all' }).check({ force: true })
}

const images = (page: Page) => page.getByRole('list', { name: 'Images' }).getByRole('listitem')
const upscale = (page: Page, count: number) =>
  page.getByRole('button', { name: new RegExp(`^Upscale ${count} images`) }).click()

it('three images become one task with three files, by one start', async ({ page, own, keys }) => {
  await choose(page, own)
  await upscale(page, 3)
  await expect(images(page)).toHaveCount(1)
  await expect(images(page)).toContainText('one.png + 2 more')
  await expect(images(page)).toContainText('Done · 30 credits deducted', { timeout: 60_000 })
  expect(keys).toHaveLength(1)
  const { ledger } = await sandboxOf(own.url).state()
  expect(ledger.map(({ credits }) => credits)).toEqual([30])

  await page.getByRole('link', { name: 'View task', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'one.png + 2 more' })).toBeVisible()
  await expect(page.getByText('3 files').first()).toBeVisible()
  await page.getByRole('link', { name: 'Tasks', exact: true }).first().click()
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page).locator('img')).toHaveAttribute('src', /^data:image\//)
})

it('a lost response, then a retry: one task', async ({ page, own, keys }) => {
  await choose(page, own)
  let uploads = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/api/get-upload-url')) uploads++
  })
  await page.route(
    '**/api/start-task',
    async (route) => {
      await route.fetch()
      await route.fulfill({ status: 504, body: '' })
    },
    { times: 1 },
  )
  await upscale(page, 3)
  await expect(images(page)).toContainText('Retry is safe')
  await page.getByRole('button', { name: 'Retry one.png + 2 more' }).click()
  await expect(images(page)).toContainText('Done · 30 credits deducted', { timeout: 60_000 })
  expect(uploads).toBe(3)
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
  expect((await sandboxOf(own.url).state()).ledger).toHaveLength(1)
})

it('an image that is rejected is named, and the others start without it', async ({
  page,
  own,
  keys,
}) => {
  await choose(page, own)
  await page.route('**/api/get-upload-url', (route) =>
    route.request().postData()?.includes('two.png')
      ? route.fulfill({ status: 400, json: 'This image is damaged.' })
      : route.continue(),
  )
  await upscale(page, 3)
  await expect(images(page).filter({ hasText: 'two.png' })).toContainText('This image is damaged.')
  expect(keys).toEqual([])
  await upscale(page, 2)
  await expect(images(page).filter({ hasText: 'one.png + 1 more' })).toContainText(
    'Done · 20 credits deducted',
    { timeout: 60_000 },
  )
  expect(keys).toHaveLength(1)
})

it('where the API takes one image per task, the page says so before it starts one each', async ({
  page,
  own,
  keys,
}) => {
  await choose(page, own)
  await page.route('**/api/get-upload-url', (route) => route.fulfill({ status: 404 }))
  await upscale(page, 3)
  await expect(page.getByText('This API takes one image per task.')).toBeVisible()
  await expect(images(page)).toHaveCount(3)
  expect(keys).toEqual([])
  await upscale(page, 3)
  await expect(page.getByText('3 started')).toBeVisible({ timeout: 60_000 })
  expect(keys).toHaveLength(3)
})
