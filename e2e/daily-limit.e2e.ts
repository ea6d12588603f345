import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, giveKey, sandboxOf, test } from './support/fixtures.ts'
import { stored } from './support/list.ts'

/* The account's balance, and a limit of one's own for the credits of a day. The tasks of the sandbox cost 10 credits each. */

const image = async (name: string, background: string) => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 32, height: 32, channels: 3, background } })
    .png()
    .toBuffer(),
})

async function upscale(page: Page, name: string, background: string): Promise<void> {
  await page.getByRole('link', { name: 'New task' }).first().click()
  await page.getByLabel(/^(Choose|Add) images$/).setInputFiles([await image(name, background)])
  await page.getByRole('button', { name: /^Upscale 1 image/ }).click()
}

const ask = (page: Page) => page.getByRole('dialog', { name: 'Daily limit' })
const started = (page: Page) => page.getByRole('link', { name: /^View task/ })

test('a start beyond the limit is confirmed, also after a reload', async ({ page, server }) => {
  await giveKey(page, (await sandboxOf(server.url).state()).key)
  let starts = 0
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/start-task')) starts++
  })
  await page.goto('/credits')
  await page.getByLabel('Credits a day').fill('15')
  await page.getByRole('button', { name: 'Set limit' }).click()
  await expect(page.getByText(/^0 of 15 credits used today/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save' })).toBeFocused()

  await upscale(page, 'one.png', 'red')
  await expect(started(page)).toBeVisible()
  await expect.poll(async () => JSON.stringify(await stored(page))).toContain('"quotedCredits":10')
  await page.reload()
  await upscale(page, 'two.png', 'blue')
  await expect(ask(page)).toContainText(
    /over your limit of 15 credits today: 0 used, 20 expected\./,
  )
  await ask(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(started(page)).toBeHidden()
  expect(starts).toBe(1)

  await page.getByRole('button', { name: /^Upscale 1 image/ }).click()
  await ask(page).getByRole('button', { name: 'Start anyway' }).click()
  await expect(started(page)).toBeVisible()
  expect(starts).toBe(2)

  await page.getByRole('link', { name: 'Credits', exact: true }).first().click()
  await page.getByRole('button', { name: 'Remove limit' }).click()
  await expect(page.getByText(/^0 credits used today, \d+ expected$/)).toBeVisible()
  await expect(page.getByLabel('Credits a day')).toBeFocused()
  await expect(page.getByLabel('Credits a day')).toHaveValue('')
})

test('the limit counts what another tab is starting, and what a reload has interrupted', async ({
  page,
  server,
  context,
}) => {
  await giveKey(page, (await sandboxOf(server.url).state()).key)
  await page.goto('/credits')
  await page.getByLabel('Credits a day').fill('25')
  await page.getByRole('button', { name: 'Set limit' }).click()
  // What a task costs is known from this one.
  await upscale(page, 'before.png', 'green')
  await expect(started(page)).toBeVisible()
  await expect.poll(async () => JSON.stringify(await stored(page))).toContain('"quotedCredits":10')

  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/api/start-task', async (route) => {
    await held
    // The page that sent it may have been reloaded.
    await route.continue().catch(() => {})
  })
  await upscale(page, 'one.png', 'red')
  const other = await context.newPage()
  await other.goto('/new')
  await other.getByLabel(/^(Choose|Add) images$/).setInputFiles([await image('two.png', 'blue')])
  await other.getByRole('button', { name: /^Upscale 1 image/ }).click()
  await expect(ask(other)).toContainText(/over your limit of 25 credits today/)
  await page.reload()
  await expect(page.getByText('1 interrupted')).toBeVisible()
  await page.getByLabel('Add images').setInputFiles([await image('three.png', 'white')])
  await page.getByRole('button', { name: /^Upscale 1 image/ }).click()
  await expect(ask(page)).toContainText(/over your limit of 25 credits today/)
  letGo()
})

test('the balance is shown once a response has had it', async ({ open }) => {
  const page = await open('/tasks/sentinel-balance')
  await expect(page.getByText('10 credits deducted').first()).toBeVisible()
  await page.getByRole('link', { name: 'Credits', exact: true }).first().click()
  await expect(page.getByText('Balance: 990 credits, 25 extra')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Balance: 990 credits, 25 extra')).toBeVisible()
})
