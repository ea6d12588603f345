import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, giveKey, sandboxOf, test } from './support/fixtures.ts'
import { addDialog, openAdd, row, rows, toast } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* Tasks that this browser doesn't list, found through the API's history, if it has one. */

const it = test.extend<{ own: LoupeServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  own: async ({}, use) => {
    const own = await startServer({
      LOUPE_SANDBOX_PACE: '0',
      LOUPE_SANDBOX_DEMOS: 'none',
      LOUPE_SANDBOX_HISTORY: 'on',
    })
    await use(own)
    await own.stop()
  },
})

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Earlier tasks' })
const find = (page: Page) => page.getByRole('button', { name: 'Find my earlier tasks' }).click()

/** Starts a task as another client would. */
async function start(own: LoupeServer, key: string, name: string): Promise<void> {
  const size = { width: 16, height: 16, channels: 3, background: 'teal' } as const
  const form = new FormData()
  const bytes = new Uint8Array(await sharp({ create: size }).png().toBuffer())
  form.set('file', new File([bytes], name))
  const settings = { model: 'nature-boost-4x', scale: '2', saveImageAs: 'png' }
  for (const [field, value] of Object.entries(settings)) form.set(field, value)
  const headers = { 'X-API-Key': key }
  const response = await fetch(`${own.url}/api/start-task`, { method: 'POST', headers, body: form })
  expect(response.status).toBe(200)
}

it('are found and added with one click, and checked only then', async ({ page, own }) => {
  const { key } = await sandboxOf(own.url).state()
  await giveKey(page, key)
  await page.goto(own.url)
  await find(page)
  await expect(dialog(page)).toContainText('No earlier tasks found')
  await dialog(page).getByRole('button', { name: 'Close' }).last().click()

  await start(own, key, 'tram.png')
  await start(own, key, 'dunes.png')
  await find(page)
  await expect(dialog(page)).toContainText('2 tasks found')
  await expect(dialog(page)).toContainText(/2 tasks will be checked, which uses 2 requests/)
  expect((await sandboxOf(own.url).state()).requestsByTask).toEqual({})
  await dialog(page).getByRole('button', { name: 'Add 2 tasks' }).click()
  await expect(toast(page, '2 tasks added')).toBeVisible()
  await expect(rows(page)).toHaveCount(2)
  await expect(row(page, /dunes\.png/)).toContainText('Nature Boost')
  await expect(row(page, /tram\.png/)).toContainText('Done', { timeout: 60_000 })

  await start(own, key, 'later.png')
  await openAdd(page)
  await find(page)
  await expect(dialog(page)).toContainText('3 tasks found, 2 already in your list')
  await dialog(page).getByRole('button', { name: 'Add 1 task' }).click()
  await expect(rows(page)).toHaveCount(3)
})

it('that are charged need no check, and count without a day', async ({ browser, page, own }) => {
  const { key } = await sandboxOf(own.url).state()
  await start(own, key, 'tram.png')
  await giveKey(page, key)
  await page.goto(own.url)
  await find(page)
  await dialog(page).getByRole('button', { name: 'Add 1 task' }).click()
  await expect(row(page, /tram\.png/)).toContainText('Done', { timeout: 60_000 })
  await expect
    .poll(async () => (await sandboxOf(own.url).state()).ledger)
    .toMatchObject([{ credits: 10 }])
  await page.close()

  const { requestsByTask } = await sandboxOf(own.url).state()
  const context = await browser.newContext()
  const elsewhere = await context.newPage()
  await giveKey(elsewhere, key)
  await elsewhere.goto(own.url)
  await find(elsewhere)
  await expect(dialog(elsewhere)).toContainText('1 task found')
  await expect(dialog(elsewhere)).not.toContainText('will be checked')
  await dialog(elsewhere).getByRole('button', { name: 'Add 1 task' }).click()
  await expect(row(elsewhere, /tram\.png/)).toContainText('Done')
  await elsewhere.getByRole('link', { name: 'Credits', exact: true }).first().click()
  await expect(elsewhere.getByText('In this browser · 1 task charged')).toBeVisible()
  await expect(elsewhere.getByText('No credits deducted in the last 14 days')).toBeVisible()
  expect((await sandboxOf(own.url).state()).requestsByTask).toEqual(requestsByTask)
  await context.close()
})

it('are read page by page, as far as the API allows', async ({ page, own }) => {
  const item = (id: string) => ({ id, status: 'PROCESSING', createdAt: 1_700_000_000_000 })
  const offsets: unknown[] = []
  await page.route('**/api/get-upscayl-history', (route) => {
    const { timestampOffset } = route.request().postDataJSON().data
    offsets.push(timestampOffset)
    if (timestampOffset === 1000) {
      const json = { error: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests' }
      return route.fulfill({ status: 429, headers: { 'retry-after': '3600' }, json })
    }
    const [id, nextOffset] =
      timestampOffset === undefined ? ['sentinel-failed~a', 2000] : ['sentinel-failed~b', 1000]
    const pagination = { total: 3, hasMore: true, nextOffset }
    return route.fulfill({ json: { status: 'success', data: [item(id)], pagination } })
  })
  await giveKey(page, (await sandboxOf(own.url).state()).key)
  await page.goto(own.url)
  await find(page)
  await expect(dialog(page)).toContainText(/Hourly limit reached.*Try again at \d\d:\d\d/)
  expect(offsets).toEqual([undefined, 2000, 1000])
  await dialog(page).getByRole('button', { name: 'Add 2 tasks' }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('an API without a history says so, and offers the other way', async ({ open, page }) => {
  await open('/')
  await find(page)
  await expect(dialog(page)).toContainText('Upscayl doesn’t offer task history')
  await dialog(page).getByRole('button', { name: 'Add by ID' }).click()
  await expect(addDialog(page)).toBeVisible()
  await expect(dialog(page)).toBeHidden()
})
