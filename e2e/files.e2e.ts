import { readFile } from 'node:fs/promises'
import { card, downloadMenu, openTask, sha, test } from './support/file-fixtures.ts'
import { picture } from './support/file-tasks.ts'
import { expect } from './support/fixtures.ts'
import { openState } from './support/gallery.ts'

/* A single file: fetched, verified, saved, viewed, or no longer available. */

test('a cross-origin file is fetched, saved under its name, and verified', async ({ page }) => {
  await openTask(page, 'good')
  // Mounted before it has a text, or screen readers would not announce that.
  const outcome = await card(page, 'dunes.png').getByRole('status').elementHandle()
  expect(await outcome?.textContent()).toBe('')
  const link = page.getByRole('link', { name: 'Download dunes.png' })
  const [download] = await Promise.all([page.waitForEvent('download'), link.press('Enter')])
  expect(download.suggestedFilename()).toBe('dunes-upscayl-standard-4x.png')
  expect(sha(await readFile(await download.path()))).toBe(sha(picture))
  await expect(card(page, 'dunes.png').getByText(/^Verified/)).toBeVisible()
  expect(await outcome?.textContent()).toMatch(/^Sent to your downloads.*Verified/)
  await expect(link).toBeFocused()
})

test('Verify distinguishes broken, truncated and all-black images', async ({ page }) => {
  await openTask(page, 'odd')
  const verify = async (name: string) => {
    await page.getByRole('button', { name: `Verify ${name}` }).click()
    return card(page, name)
  }
  await expect((await verify('fine.png')).getByText(/^Verified/)).toBeVisible()
  await expect(
    (await verify('broken.png')).getByText('This file isn’t a readable image'),
  ).toBeVisible()
  await expect((await verify('truncated.png')).getByText(/cut off/i).first()).toBeVisible()
  await expect(
    (await verify('black.png')).getByText('Every pixel is black (#000000)').first(),
  ).toBeVisible()
})

test('a cancelled download leaves nothing and can be restarted', async ({ page }) => {
  await openTask(page, 'slow')
  let downloads = 0
  page.on('download', () => downloads++)
  const link = page.getByRole('link', { name: 'Download slow.png' })
  await link.press('Enter')
  const bar = page.getByRole('progressbar', { name: 'Download of slow.png' })
  await expect(bar).toHaveAttribute('aria-valuenow', '10')
  await expect(bar).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Cancel the download of slow.png' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(bar).toHaveCount(0)
  await expect(link).toBeFocused()
  expect(downloads).toBe(0)
})

test('a broken connection is reported, and nothing is saved', async ({ page }) => {
  await openTask(page, 'cut')
  await page.getByRole('link', { name: 'Download cut.png' }).click()
  await expect(
    page.getByText(/^The connection dropped.* Nothing was saved\. Try again\.$/),
  ).toBeVisible()
  await expect(page.getByRole('link', { name: 'Download cut.png' })).toBeVisible()
})

test('without CORS the browser saves the files, and the card says so', async ({ page }) => {
  await openTask(page, 'closed')
  await expect(card(page, 'closed.png').getByText(/can only be saved by the browser/)).toBeVisible()
  await page.getByRole('button', { name: 'More ways to download' }).click()
  await expect(page.getByRole('menuitem', { name: 'Verify file' })).toHaveCount(0)
  await page.keyboard.press('Escape')
  const link = page.getByRole('link', { name: 'Download closed.png' })
  await expect(link).toHaveAttribute('target', '_blank')
  // It opens or downloads in another tab; the page stays.
  const [other] = await Promise.all([page.context().waitForEvent('page'), link.click()])
  await expect(page.getByRole('heading', { name: 'closed.png', level: 1 })).toBeVisible()
  await other.close()
  // The page cannot know whether the host still had it.
  await expect(page.getByRole('button', { name: 'Get a new link' })).toBeVisible()
})

test('a link that expires early is replaced with one request', async ({ page, host }) => {
  await openTask(page, 'early')
  await page.getByRole('link', { name: 'Download early.png' }).click()
  await expect(card(page, 'early.png').getByText('Link expired early')).toBeVisible()
  // What the button costs is there to read.
  await expect(page.getByText('A new link uses 1 check.')).toBeVisible()
  const before = host.asked.filter((path) => path === '/get-task-status').length
  await page.getByRole('button', { name: 'Get a new link' }).click()
  await expect(page.getByRole('link', { name: 'Download early.png' })).toBeVisible()
  expect(host.asked.filter((path) => path === '/get-task-status')).toHaveLength(before + 1)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download early.png' }).click(),
  ])
  expect(sha(await readFile(await download.path()))).toBe(sha(picture))
})

test('the file is gone if the new response has no other link', async ({ page }) => {
  await openTask(page, 'dead')
  await page.getByRole('link', { name: 'Download dead.png' }).click()
  await page.getByRole('button', { name: 'Get a new link' }).click()
  await expect(card(page, 'dead.png').getByText('File expired')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Get a new link' })).toHaveCount(0)
})

test('file names follow the stored template, and an invalid one is explained', async ({ page }) => {
  await openTask(page, 'good')
  await downloadMenu(page, 'File names…')
  const dialog = page.getByRole('dialog', { name: 'File names' })
  const field = dialog.getByLabel('Template')
  await dialog.getByRole('button', { name: '{n}' }).click()
  await expect(dialog.getByText('dunes-upscayl-standard-4x1.png')).toBeVisible()
  await field.fill('{original}-{size}')
  await expect(dialog.getByText(/\{size\}/)).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled()
  await field.fill('{n} {original} {width}x{height}')
  await expect(dialog.getByText('1 dunes 64x48.png')).toBeVisible()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.reload()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download dunes.png' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('1 dunes 64x48.png')
})

test('viewer: by keyboard, zoom, next image, and comparison with the original', async ({
  page,
}) => {
  await openTask(page, 'odd')
  await page.getByRole('button', { name: 'Preview fine.png' }).click()
  const viewer = page.getByRole('dialog', { name: 'fine.png' })
  await expect(viewer.getByText('1 of 4 · 64 × 48 px')).toBeVisible()
  await page.keyboard.press('1')
  await expect(viewer.getByText('100%')).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('dialog', { name: 'broken.png' })).toBeVisible()
  await expect(page.getByText('Couldn’t load this image')).toBeVisible()
  await expect(page.getByRole('dialog').getByRole('link')).toHaveCount(0)
  await expect(
    page.getByRole('dialog').getByRole('button', { name: 'Get a new link' }),
  ).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('c')
  await viewer
    .locator('input[type=file]')
    .setInputFiles({ name: 'original.png', mimeType: 'image/png', buffer: picture })
  const slider = viewer.getByRole('slider')
  await expect(slider).toBeVisible()
  const before = await slider.getAttribute('aria-valuenow')
  await slider.focus()
  await page.keyboard.press('ArrowRight')
  await expect(slider).not.toHaveAttribute('aria-valuenow', before ?? '')
  await page.keyboard.press('Escape')
  await expect(viewer).toBeHidden()
  await expect(page.getByRole('button', { name: 'Preview fine.png' })).toBeFocused()
})

test('viewer: Back closes it and stays on the page, and closing it leaves nothing behind', async ({
  page,
}) => {
  await page.goto('/')
  await openTask(page, 'odd')
  const taskUrl = page.url()
  const preview = page.getByRole('button', { name: 'Preview fine.png' })
  const viewer = page.getByRole('dialog', { name: 'fine.png' })
  const close = viewer.getByRole('button', { name: 'Close', exact: true })
  await preview.click()
  await expect(viewer).toBeVisible()
  await page.goBack()
  await expect(viewer).toBeHidden()
  await expect(preview).toBeFocused()
  expect(page.url()).toBe(taskUrl)

  await preview.click()
  await close.dblclick()
  await expect(viewer).toBeHidden()
  expect(page.url()).toBe(taskUrl)

  await preview.click()
  await expect(viewer).toBeVisible()
  await page.reload()
  await preview.click()
  await close.click()
  await expect(viewer).toBeHidden()
  await page.goBack()
  await expect(page).not.toHaveURL(taskUrl)
})

test('the card offers a new link when one expires on screen', async ({ page }) => {
  await page.clock.install()
  await openTask(page, 'ending')
  const one = card(page, 'ending.png')
  await expect(one.getByText(/Expires in \d/)).toBeVisible()
  await page.clock.runFor(121_000)
  await expect(one.getByText('Link expired')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Download ending.png' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Get a new link' }).click()
  await expect(page.getByRole('link', { name: 'Download ending.png' })).toBeVisible()
  await expect(one.getByText('Expires in 2 days')).toBeVisible()
})

test('the result of a task started in this tab is compared with its original', async ({ page }) => {
  // Not in the worker's own page: after a mouse click, later images would show no focus rings.
  await openState(page, 'files-compare', 'light')
  const viewer = page.getByRole('dialog', { name: 'dunes.png' })
  await expect(
    viewer.getByRole('slider', { name: 'Divider between Original and Result' }),
  ).toBeVisible()
  await viewer.getByRole('button', { name: 'Compared with: Original' }).click()
  await expect(viewer.getByRole('button', { name: 'The original' })).toBeVisible()
  await viewer.getByRole('button', { name: 'Close choices' }).click()
  await viewer.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(viewer.getByRole('slider')).toBeHidden()
})

test('an original dropped on the page is compared with the result at once', async ({ page }) => {
  await openTask(page, 'good')
  const dataTransfer = await page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(bytes)], 'original.png', { type: 'image/png' }))
      return data
    },
    [...picture],
  )
  for (const type of ['dragover', 'drop']) {
    await page
      .getByRole('button', { name: 'Preview dunes.png' })
      .dispatchEvent(type, { dataTransfer })
  }
  const slider = page.getByRole('slider', { name: 'Divider between Original and Result' })
  await expect(slider).toHaveValue('50')
  await slider.press('ArrowRight')
  await expect(slider).toHaveValue('51')
  await expect(page.getByText('Original 64 × 48')).toBeVisible()
})
