import { card, openTask, test } from './support/file-fixtures.ts'
import { picture } from './support/file-tasks.ts'
import { expect, giveKey, keyReady } from './support/fixtures.ts'
import { DESK, turnToState } from './support/gallery.ts'

/* The page of a task: its image first, its name as title, one main action. */

const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]

for (const size of SIZES) {
  for (const state of ['processed', 'batch', 'many-files']) {
    test(`the image and Download are in the first screen: ${state}, ${size.width} px`, async ({
      gallery,
    }) => {
      await gallery.setViewportSize(size)
      await turnToState(gallery, state, 'light')
      const image = await gallery.getByRole('main').locator('img').first().boundingBox()
      expect(image?.y).toBeLessThan(260)
      const download = gallery
        .getByRole('main')
        .getByRole('link', { name: /^Download dunes/ })
        .or(gallery.getByRole('button', { name: /^Download all · \d+ files · / }))
        .filter({ visible: true })
        .first()
      await expect(download).toBeInViewport({ ratio: 1 })
      const scrollWidth = await gallery.evaluate(() => document.documentElement.scrollWidth)
      expect(scrollWidth).toBeLessThanOrEqual(size.width)
      await gallery.setViewportSize(DESK)
    })
  }
}

test('a task has the name of its image, in its heading and in the tab', async ({ page }) => {
  await openTask(page, 'good')
  await expect(page.getByRole('heading', { name: 'dunes.png', level: 1 })).toBeVisible()
  await expect(page).toHaveTitle('Done · dunes.png · Loupe')
  await page.goto('/tasks/odd')
  await expect(page.getByRole('heading', { name: 'fine.png + 3 more', level: 1 })).toBeVisible()
  await expect(page).toHaveTitle('Done · fine.png + 3 more · Loupe')
})

test('only the selected files are downloaded', async ({ page }) => {
  await openTask(page, 'odd')
  await page.getByRole('button', { name: 'Select', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Select black.png' }).check()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Download 1 selected/ }).click(),
  ])
  expect(download.suggestedFilename()).toBe('black-upscayl-standard-4x.png')
})

test('many files are lines with a filter by name', async ({ page }) => {
  await openTask(page, 'many')
  await expect(page.getByText('200 files', { exact: true })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Filter by name' }).fill('scan-19')
  await expect(page.getByRole('region', { name: 'Files' }).getByRole('listitem')).toHaveCount(11)
  await page.getByRole('button', { name: 'Show as grid' }).click()
  await expect(card(page, 'scan-190.png')).toBeVisible()
})

test('the viewer downloads the file it shows', async ({ page }) => {
  await openTask(page, 'good')
  await page.getByRole('button', { name: 'Preview dunes.png' }).click()
  const viewer = page.getByRole('dialog', { name: 'dunes.png' })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    viewer.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('dunes-upscayl-standard-4x.png')
})

test('keys: d downloads, ] opens the next task of the list', async ({ page }) => {
  await giveKey(page, 'a-key-of-nobody-1234567890')
  await page.goto('/tasks/good')
  await expect(card(page, 'dunes.png')).toBeVisible()
  await keyReady(page, 'Download')
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')])
  expect(download.suggestedFilename()).toBe('dunes-upscayl-standard-4x.png')
  await page.goto('/tasks/odd')
  await expect(page.getByText('1 of 2')).toBeVisible()
  await keyReady(page, 'Next task')
  await page.keyboard.press(']')
  await expect(page.getByRole('heading', { name: 'dunes.png', level: 1 })).toBeVisible()
})

test('keys: c compares with the original, s shares', async ({ page }) => {
  await openTask(page, 'good')
  await expect(page.getByText('Drop the original here to compare')).toBeVisible()
  await keyReady(page, 'Compare')
  const chooser = page.waitForEvent('filechooser')
  // The page is told to report it, but a key would get there first.
  await page.evaluate(() => undefined)
  await page.keyboard.press('c')
  await (await chooser).setFiles({ name: 'original.png', mimeType: 'image/png', buffer: picture })
  const divider = page.getByRole('slider', { name: 'Divider between Original and Result' })
  await expect(divider).toBeVisible()
  await page.keyboard.press('c')
  await expect(divider).toBeFocused()
  await page.keyboard.press('s')
  await expect(page.getByRole('dialog', { name: /^Share/ })).toBeVisible()
})

test('a finished task can be run again with its settings', async ({ page }) => {
  await openTask(page, 'good')
  await page.getByRole('link', { name: 'Run again…' }).click()
  await expect(page).toHaveURL(/\/new$/)
})

test('with the original at hand the result is a slider at once', async ({ page }) => {
  await openTask(page, 'good')
  await page
    .getByLabel('Drop the original here to compare')
    .setInputFiles({ name: 'original.png', mimeType: 'image/png', buffer: picture })
  await expect(
    page.getByRole('slider', { name: 'Divider between Original and Result' }),
  ).toBeVisible()
})
