import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, giveKey, sandboxOf, test } from './support/fixtures.ts'
import { rows } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* Tasks that are run again: batches, many at once, and compared with their earlier results. */

const it = test.extend<{ own: LoupeServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  own: async ({}, use) => {
    const own = await startServer({ LOUPE_SANDBOX_PACE: '0', LOUPE_SANDBOX_DEMOS: 'none' })
    await use(own)
    await own.stop()
  },
})

const COLOURS: Readonly<Record<string, string>> = {
  'one.png': 'red',
  'two.png': 'green',
  'three.png': 'blue',
}

/** Images of one colour each. */
const photos = (names: readonly string[]) =>
  Promise.all(
    names.map(async (name) => ({
      name,
      mimeType: 'image/png',
      buffer: await sharp({
        create: { width: 32, height: 32, channels: 3, background: COLOURS[name] ?? 'white' },
      })
        .png()
        .toBuffer(),
    })),
  )

const choose = async (page: Page, names: readonly string[]) =>
  page.getByLabel(/^(Choose|Add) images$/).setInputFiles(await photos(names))

async function openNew(page: Page, own: LoupeServer): Promise<void> {
  await giveKey(page, (await sandboxOf(own.url).state()).key)
  await page.goto(`${own.url}/new`)
}

const images = (page: Page) => page.getByRole('list', { name: 'Images' }).getByRole('listitem')
const image = (page: Page, name: string) => images(page).filter({ hasText: name })
const upscale = (page: Page, count: number) =>
  page.getByRole('button', { name: new RegExp(`^Upscale ${count} images?`) })
const scale = (page: Page, factor: number) => page.getByRole('radio', { name: `${factor}×` })
const option = (page: Page, name: string) => page.getByRole('radio', { name })
const selection = (page: Page) => page.getByRole('region', { name: 'Selection' })

/** Two images at 2×, and one at 4×, each its own task; then their list. */
async function startThree(page: Page, own: LoupeServer): Promise<void> {
  await openNew(page, own)
  await scale(page, 2).check({ force: true })
  await choose(page, ['one.png', 'two.png'])
  await upscale(page, 2).click()
  await expect(page.getByText('2 started')).toBeVisible({ timeout: 60_000 })
  await scale(page, 4).check({ force: true })
  await choose(page, ['three.png'])
  await upscale(page, 1).click()
  await expect(images(page).filter({ hasText: 'Done' })).toHaveCount(3, { timeout: 60_000 })
  await page.getByRole('link', { name: 'View tasks' }).click()
  await expect(rows(page)).toHaveCount(3)
}

/** Runs all tasks of the list again. */
async function againAll(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: 'Select all' }).check()
  await selection(page).getByRole('button', { name: 'Run again' }).click()
  await expect(page).toHaveURL(/\/new$/)
}

it('a batch is compared image by image, and run again as a whole', async ({ page, own }) => {
  await openNew(page, own)
  await scale(page, 2).check({ force: true })
  await choose(page, ['one.png', 'two.png', 'three.png'])
  await option(page, 'One task for all').check({ force: true })
  await upscale(page, 3).click()
  await expect(images(page)).toContainText('Done', { timeout: 60_000 })
  await page.getByRole('link', { name: 'Open one.png' }).click()

  await page.getByRole('button', { name: 'Preview three.png' }).click()
  const viewer = page.getByRole('dialog')
  await viewer.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(viewer.getByRole('slider')).toBeVisible()
  // The right one of three, which have one colour each.
  expect(await colourOf(page, 'Original')).toEqual([0, 0, 255])
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Run again…' }).click()
  await expect(images(page)).toHaveCount(3)
  await expect(option(page, 'One task for all')).toBeChecked()
  await expect(scale(page, 2)).toBeChecked()
  await upscale(page, 3).click()
  await expect(images(page)).toContainText('one.png + 2 more')
  await expect(images(page)).toContainText('Done', { timeout: 60_000 })

  await page.getByRole('link', { name: 'View task', exact: true }).click()
  const related = page.getByRole('region', { name: 'Related tasks' })
  await expect(related).toContainText('Run again from')

  // After a reload the images have to be added, and are recognized by their names.
  await page.reload()
  await page.getByRole('link', { name: 'Run again…' }).click()
  await expect(page.getByText('Add one.png and 2 more to run them again')).toBeVisible()
  await choose(page, ['three.png', 'one.png'])
  await expect(page.getByText('Add the original of two.png')).toBeVisible()
  await choose(page, ['two.png'])
  await expect(page.getByText('Add the original of')).toHaveCount(0)
  await expect(option(page, 'One task for all')).toBeChecked()
})

/** The colour in the middle of the image with this text. */
const colourOf = (page: Page, name: string): Promise<number[]> =>
  page.getByRole('img', { name, exact: true }).evaluate((element) => {
    const image = element as HTMLImageElement
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth
    canvas.height = image.naturalHeight
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0)
    const [r = 0, g = 0, b = 0] = context?.getImageData(9, 9, 1, 1).data ?? []
    return [r, g, b]
  })

it('several tasks are run again with the settings of each', async ({ page, own }) => {
  await startThree(page, own)
  await againAll(page)
  await expect(images(page)).toHaveCount(3)
  await expect(option(page, 'Keep each task’s settings')).toBeChecked()
  await expect(image(page, 'one.png')).toContainText('32 × 32 to 64 × 64')
  await expect(image(page, 'three.png')).toContainText('32 × 32 to 128 × 128')
  await expect(image(page, 'three.png')).toContainText('Upscayl Standard · 4× · PNG')
  // Nothing takes the settings of the form.
  await expect(scale(page, 2)).toHaveCount(0)
  await option(page, 'Same settings for all').check({ force: true })
  await scale(page, 8).check({ force: true })
  await expect(image(page, 'one.png')).toContainText('32 × 32 to 256 × 256')
  await option(page, 'Keep each task’s settings').check({ force: true })
  await upscale(page, 3).click()
  await expect(page.getByText('3 started')).toBeVisible({ timeout: 60_000 })
  await expect(images(page).filter({ hasText: 'Done' })).toHaveCount(3, { timeout: 60_000 })
  const { ledger } = await sandboxOf(own.url).state()
  expect(ledger).toHaveLength(6)

  await page.getByRole('link', { name: 'View tasks' }).click()
  await expect(rows(page)).toHaveCount(6)
  await expect(rows(page).filter({ hasText: '4×' })).toHaveCount(2)
  const again = rows(page).filter({ hasText: 'Run again of' })
  await expect(again).toHaveCount(3)
  await page.getByLabel('Search the list').fill('again of two')
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page)).toContainText('two.png')
})

it('images that are not at hand are asked for by name', async ({ page, own }) => {
  await startThree(page, own)
  await page.reload()
  await againAll(page)
  await expect(page.getByText(/^Add \w+\.png and 2 more to run them again$/)).toBeVisible()
  await choose(page, ['two.png', 'three.png'])
  await expect(page.getByText('Add the original of one.png')).toBeVisible()
  await expect(image(page, 'two.png')).toContainText('64 × 64')
  await expect(image(page, 'three.png')).toContainText('128 × 128')
  await upscale(page, 2).click()
  await expect(page.getByText('2 started')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('link', { name: 'View tasks' }).click()
  await expect(rows(page).filter({ hasText: 'Run again of' })).toHaveCount(2)
})

it('tasks with the same settings fill the form', async ({ page, own }) => {
  await startThree(page, own)
  for (const name of ['one.png', 'two.png']) {
    await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  }
  await selection(page).getByRole('button', { name: 'Run again' }).click()
  await expect(images(page)).toHaveCount(2)
  await expect(scale(page, 2)).toBeChecked()
  await expect(option(page, 'Keep each task’s settings')).toHaveCount(0)
  await scale(page, 3).check({ force: true })
  await expect(image(page, 'one.png')).toContainText('96 × 96')
})

it('a result is compared with the earlier one, and a new link is fetched only when asked for', async ({
  page,
  own,
}) => {
  await openNew(page, own)
  await scale(page, 2).check({ force: true })
  await choose(page, ['one.png'])
  await upscale(page, 1).click()
  await expect(images(page)).toContainText('Done', { timeout: 60_000 })
  await page.getByRole('link', { name: 'Open one.png' }).click()
  await page.getByRole('link', { name: 'Run again…' }).click()
  await scale(page, 4).check({ force: true })
  await upscale(page, 1).click()
  await expect(images(page)).toContainText('Done', { timeout: 60_000 })
  await page.getByRole('link', { name: 'Open one.png' }).click()

  // Both links are known.
  const compare = page.getByRole('button', { name: 'Compare with one.png' })
  const viewer = page.getByRole('dialog')
  const divider = viewer.getByRole('slider', {
    name: 'Divider between Upscayl Standard 2× and This run',
  })
  await compare.click()
  await expect(divider).toBeVisible()
  await page.keyboard.press('Escape')

  // After a reload this page gets its own by its first check; that of the other task is unknown.
  await page.reload()
  await expect(compare).toBeVisible({ timeout: 60_000 })
  const checks: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/api/get-task-status')) checks.push(request.postData() ?? '')
  })
  await compare.click()
  const run = viewer.getByRole('button', { name: /^Earlier run · Upscayl Standard 2×/ })
  await expect(run).toContainText('Get a new link (uses 1 check)')
  expect(checks).toEqual([])
  await run.click()
  await expect(divider).toBeVisible()
  expect(checks).toHaveLength(1)
})

test('the key for Compare opens the first image of a batch', async ({ open }) => {
  const page = await open('/tasks/sentinel-batch')
  await expect(page.getByRole('button', { name: 'Preview dunes.png' })).toBeVisible()
  await page.keyboard.press('c')
  await expect(page.getByRole('dialog', { name: 'dunes.png' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Compare with' })).toBeVisible()
})
