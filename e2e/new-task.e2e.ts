import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, giveKey, sandboxOf, test } from './support/fixtures.ts'
import { chip, rows, turn } from './support/list.ts'
import { keepNotifications } from './support/notifications.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* From images to tasks, with a sandbox that really upscales. */

const start = test.extend<{ own: LoupeServer; open: () => Promise<Page> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  own: async ({}, use) => {
    // No pauses and no demo tasks: as fast as this machine can.
    const own = await startServer({ LOUPE_SANDBOX_PACE: '0', LOUPE_SANDBOX_DEMOS: 'none' })
    await use(own)
    await own.stop()
  },
  open: async ({ own, page }, use) => {
    await use(async () => {
      await giveKey(page, (await sandboxOf(own.url).state()).key)
      await page.goto(own.url)
      await page.getByRole('banner').getByRole('link', { name: 'New task' }).click()
      return page
    })
  },
})

interface Photo {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** An image with a large file for its pixels, like a photo: noise does not compress. */
async function photo(name: string, width: number, height: number): Promise<Photo> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const buffer = await sharp({ create: { width, height, channels: 3, background: '#888', noise } })
    .jpeg({ quality: 80 })
    .toBuffer()
  return { name, mimeType: 'image/jpeg', buffer }
}

const choose = (page: Page, files: Photo[]) =>
  page.getByLabel(/^(Choose|Add) images$/).setInputFiles(files)

const modelButton = (page: Page) => page.getByRole('button', { name: /^Model:/ })
const images = (page: Page) => page.getByRole('list', { name: 'Images' }).getByRole('listitem')
const image = (page: Page, name: string) => images(page).filter({ hasText: name })

/** A connection slow enough to watch the upload; null for full speed. */
async function throttle(page: Page, bytesPerSecond: number | null): Promise<void> {
  const client = await page.context().newCDPSession(page)
  await client.send('Network.enable')
  await client.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond ?? -1,
  })
}

start(
  'a photo is dropped, uploaded, upscaled, compared with the result, and saved',
  async ({ own, open }) => {
    start.setTimeout(120_000)
    const page = await open()
    const { buffer } = await photo('harbour.jpg', 2400, 1600)
    await modelButton(page).click()
    await page.getByRole('menuitemradio', { name: /^Digital Art (?!Plus)/ }).click()
    await page.getByRole('radio', { name: '2×' }).check({ force: true })
    await page.getByRole('radio', { name: 'JPG' }).check({ force: true })
    const dropped = await page.evaluateHandle((base64) => {
      const transfer = new DataTransfer()
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      transfer.items.add(new File([bytes], 'harbour.jpg', { type: 'image/jpeg' }))
      return transfer
    }, buffer.toString('base64'))
    const area = page.getByText('Drop images or paste')
    await area.dispatchEvent('dragover', { dataTransfer: dropped })
    await area.dispatchEvent('drop', { dataTransfer: dropped })
    await expect(image(page, 'harbour.jpg')).toContainText('2,400 × 1,600 to 4,800 × 3,200')
    await page.getByRole('button', { name: 'Upscale 1 image' }).click()

    // The row lives on until its result is there.
    await expect(image(page, 'harbour.jpg')).toContainText(/Done · \d+ credits deducted/, {
      timeout: 120_000,
    })
    await expect(page.getByRole('link', { name: 'Download harbour.jpg' })).toBeVisible()
    await page.getByRole('link', { name: 'Open harbour.jpg' }).click()
    await expect(page).toHaveURL(/\/tasks\/[\w-]+$/)
    await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 120_000 })
    const settings = page.getByRole('region', { name: 'Settings' })
    await expect(settings).toContainText('Digital Art')
    await expect(settings).toContainText('2×')
    const { ledger } = await sandboxOf(own.url).state()
    await expect(page.getByRole('region', { name: 'Credits' })).toContainText(
      `${ledger.at(-1)?.credits} credits deducted`,
    )

    await page.getByRole('button', { name: /^Preview/ }).click()
    const viewer = page.getByRole('dialog')
    await viewer.getByRole('button', { name: 'Compare', exact: true }).click()
    // The uploaded image is there without being chosen again.
    await expect(viewer.getByRole('slider')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^Download/ }).click(),
    ])
    const saved = await sharp(await readFile(await download.path())).metadata()
    expect(saved).toMatchObject({ format: 'jpeg', width: 4800, height: 3200 })
  },
)

start(
  'twenty at once: one broken, one too large, one cancelled, seventeen results',
  async ({ own, open }) => {
    start.setTimeout(120_000)
    const page = await open()
    const before = (await sandboxOf(own.url).state()).ledger.length
    const { buffer } = await photo('', 64, 48)
    const valid = Array.from({ length: 18 }, (_, n) => ({
      name: `picture-${String(n).padStart(2, '0')}.jpg`,
      mimeType: 'image/jpeg',
      // All different, or they would count as duplicates.
      buffer: Buffer.concat([buffer, Buffer.alloc(n)]),
    }))
    const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: buffer.subarray(0, 300) }
    await page.getByRole('radio', { name: '2×' }).check({ force: true })
    await choose(page, [...valid, broken])
    const large = await page.evaluateHandle((base64) => {
      const head = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      const transfer = new DataTransfer()
      const parts = [head, new Uint8Array(100 * 1024 * 1024)]
      transfer.items.add(new File(parts, 'large.jpg', { type: 'image/jpeg' }))
      return transfer
    }, buffer.toString('base64'))
    await page
      .getByRole('heading', { name: 'New task' })
      .dispatchEvent('drop', { dataTransfer: large })
    await expect(images(page)).toHaveCount(20)
    await expect(image(page, 'large.jpg')).toContainText('100 MiB')

    await throttle(page, 1500)
    await page.getByRole('button', { name: 'Upscale 19 images' }).click()
    await page.getByRole('button', { name: 'Cancel picture-17.jpg' }).click()
    await expect(image(page, 'picture-17.jpg')).toContainText('Cancelled')
    await throttle(page, null)

    await expect(
      page.getByText('17 started, 1 failed, 1 can’t be upscaled, 1 cancelled'),
    ).toBeVisible({ timeout: 120_000 })
    await expect(image(page, 'broken.jpg')).toContainText('Nothing was charged')
    await page.getByRole('link', { name: 'View tasks' }).click()
    await expect(chip(page, 'Done 17')).toBeVisible({ timeout: 120_000 })
    const { ledger } = await sandboxOf(own.url).state()
    expect(ledger.length - before).toBe(17)
  },
)

start('other tabs leave the settings of this one, and Cancel removes nothing', async ({ open }) => {
  const page = await open()
  await page.getByRole('radio', { name: '2×' }).check({ force: true })
  await choose(page, [await photo('mine.jpg', 600, 400)])
  const other = await page.context().newPage()
  await other.goto(page.url())
  await expect(other.getByRole('radio', { name: '2×' })).toBeChecked()
  await other.getByRole('radio', { name: '8×' }).check({ force: true })
  await other.reload()
  await expect(other.getByRole('radio', { name: '8×' })).toBeChecked()
  await expect(page.getByRole('radio', { name: '2×' })).toBeChecked()
  await throttle(page, 20_000)
  await page.getByRole('button', { name: 'Upscale 1 image' }).click()
  await page.getByRole('button', { name: 'Cancel mine.jpg' }).dblclick()
  await expect(image(page, 'mine.jpg')).toContainText('Cancelled')
  await page.getByRole('button', { name: 'Remove mine.jpg' }).click()
  await expect(images(page)).toHaveCount(0)
})

start('an interrupted upload starts no task, and one click retries it', async ({ own, open }) => {
  const page = await open()
  const { tasks } = await sandboxOf(own.url).state()
  await choose(page, [await photo('cut.jpg', 600, 400)])
  await throttle(page, 20_000)
  await page.getByRole('button', { name: 'Upscale 1 image' }).click()
  const bar = page.getByRole('progressbar', { name: 'Upload of cut.jpg' })
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0)
  await own.kill()
  await expect(image(page, 'cut.jpg')).toContainText('Upload interrupted. Nothing was charged.')
  await own.restart()
  await throttle(page, null)
  const after = await sandboxOf(own.url).state()
  expect(after.tasks).toEqual(tasks)
  expect(after.ledger).toEqual([])
  await page.getByRole('button', { name: 'Retry cut.jpg' }).click()
  await expect(image(page, 'cut.jpg')).toContainText('Done', { timeout: 120_000 })
  await page.getByRole('link', { name: 'View task', exact: true }).click()
  await expect(page).toHaveURL(/\/tasks\/[\w-]+$/)
})

start(
  'invalid files are reported before any upload, and the settings are stored',
  async ({ open }) => {
    const page = await open()
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('start-task')) sent.push(request.url())
    })
    await choose(page, [
      { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') },
      { name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    ])
    await expect(image(page, 'notes.png')).toContainText(/JPG, PNG/)
    await expect(image(page, 'empty.jpg')).toContainText(/empty/i)
    await expect(page.getByRole('button', { name: 'Upscale', exact: true })).toBeDisabled()
    await page.getByRole('button', { name: 'Add from URL' }).click()
    const urls = page.getByRole('textbox', { name: 'Image URLs' })
    await urls.fill('ftp://example.org/a.png\nhttps://example.org/b.png\nhttps://')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'Line' })
    await expect(alert).toContainText('Line 1: Not a URL. It must start with http:// or https://.')
    await expect(alert).toContainText('Line 2: This URL is incomplete.')
    await expect(urls).toHaveValue('ftp://example.org/a.png\nhttps://')
    await expect(image(page, 'b.png')).toBeVisible()
    const [confirmation] = await Promise.all([
      page.waitForEvent('dialog'),
      page.close({ runBeforeUnload: true }),
    ])
    expect(confirmation.type()).toBe('beforeunload')
    await confirmation.dismiss()
    await page.getByRole('button', { name: 'Remove b.png' }).click()
    await page.getByRole('radio', { name: 'WEBP' }).check({ force: true })
    await page.getByRole('checkbox', { name: 'Restore faces' }).check()
    await page.reload()
    await expect(page.getByRole('radio', { name: 'WEBP' })).toBeChecked()
    await expect(page.getByRole('checkbox', { name: 'Restore faces' })).toBeChecked()
    expect(sent).toEqual([])
  },
)

start('the price of earlier tasks is shown before the next are started', async ({ open }) => {
  const page = await open()
  await choose(page, [await photo('first.jpg', 64, 48)])
  await expect(page.getByText('The price is shown when the task starts.')).toBeVisible()
  await page.getByRole('button', { name: 'Upscale 1 image', exact: true }).click()
  await expect(image(page, 'first.jpg')).toContainText('Done · 10 credits deducted', {
    timeout: 60_000,
  })
  // A new round begins without the tasks of the last.
  await page.getByRole('banner').getByRole('link', { name: 'New task' }).click()
  await expect(images(page)).toHaveCount(0)
  await choose(page, [await photo('second.jpg', 80, 60), await photo('third.jpg', 80, 60)])
  await expect(image(page, 'second.jpg')).toContainText('80 × 60 to 320 × 240 · about 10 credits')
  const start = page.getByRole('button', { name: /^Upscale 2 images/ })
  await expect(start).toHaveText('Upscale 2 images · about 20 credits')
  await page.getByRole('button', { name: 'Remove third.jpg' }).click()
  await expect(page.getByRole('button', { name: /^Upscale/ })).toHaveText(
    'Upscale 1 image · about 10 credits',
  )
  await page.getByRole('radio', { name: '8×' }).check({ force: true })
  await expect(image(page, 'second.jpg')).toContainText('80 × 60 to 640 × 480')
  // No task of this scale has been paid.
  await expect(page.getByRole('button', { name: /^Upscale/ })).toHaveText('Upscale 1 image')
})

test('images that are chosen while the page changes are there', async ({ forgetful: page }) => {
  await page.goto('/new')
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByText('Choose images').click(),
  ])
  await page.getByRole('button', { name: 'Add from URL' }).click()
  await page.getByRole('textbox', { name: 'Image URLs' }).fill('https://example.org/b.png')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('Choose images')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Add from URL' })).toBeFocused()
  await chooser.setFiles([await photo('tram.jpg', 64, 48)])
  await expect(image(page, 'tram.jpg')).toBeVisible()
})

test('own uploads have their names and images in the list at once, and after a reload', async ({
  forgetful: page,
}) => {
  await page.goto('/new')
  await choose(page, [await photo('tram.jpg', 640, 480), await photo('harbour.jpg', 400, 600)])
  await expect(image(page, 'harbour.jpg').locator('img')).toBeVisible()
  await page.getByRole('button', { name: /^Upscale 2 images/ }).click()
  await expect(page.getByText('2 started')).toBeVisible()
  await page.getByRole('link', { name: 'View tasks' }).click()
  for (const name of ['tram.jpg', 'harbour.jpg']) {
    await expect(rows(page).filter({ hasText: name }).locator('img')).toHaveAttribute(
      'src',
      /^data:image\//,
    )
  }
  await page.reload()
  for (const name of ['tram.jpg', 'harbour.jpg']) {
    await expect(rows(page).filter({ hasText: name }).locator('img')).toHaveAttribute(
      'src',
      /^data:image\//,
    )
  }
  // They are in the list now, so a new round begins without them.
  await page.goto('/new')
  await expect(page.getByText('Drop images or paste')).toBeVisible()
})

test('on a phone the settings are one row, and the button stays in view', async ({
  open,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open('/new')
  await choose(
    page,
    await Promise.all(Array.from({ length: 12 }, (_, n) => photo(`photo-${n}.jpg`, 64 + n, 48))),
  )
  await expect(images(page)).toHaveCount(12)
  await expect(page.getByRole('button', { name: /^Upscale 12 images/ })).toBeInViewport()
  await expect(modelButton(page)).toBeHidden()
  const settings = page.getByRole('button', { name: /^Settings:/ })
  await settings.click()
  await expect(modelButton(page)).toBeVisible()
  await page.getByText('2×', { exact: true }).click()
  await settings.click()
  await expect(settings).toContainText('2× · PNG')
})

start('“Tell me when they’re done” notifies while the tab is hidden', async ({ open, page }) => {
  await page.addInitScript(keepNotifications)
  await page.clock.install()
  await open()
  await choose(page, [await photo('tram.jpg', 1600, 1200)])
  await page.getByRole('button', { name: /^Upscale 1 image/ }).click()
  await page.getByRole('checkbox', { name: 'Tell me when they’re done' }).check()
  await turn(page, 'hidden')
  // A hidden tab checks seldom.
  await expect(async () => {
    await page.clock.fastForward(61_000)
    expect(await page.evaluate(() => Reflect.get(window, 'shown'))).toEqual(['Done: tram.jpg'])
  }).toPass({ intervals: [1000] })
})

start('a task is run again with its settings and its image', async ({ open, page }) => {
  await open()
  await page.getByRole('radio', { name: '2×' }).check({ force: true })
  await choose(page, [await photo('tram.jpg', 64, 48)])
  await page.getByRole('button', { name: /^Upscale 1 image/ }).click()
  await expect(image(page, 'tram.jpg')).toContainText('Done', { timeout: 60_000 })
  await page.getByRole('radio', { name: '4×' }).check({ force: true })
  await page.getByRole('link', { name: 'Open tram.jpg' }).click()
  const again = page.getByRole('link', { name: 'Run again…' })
  await again.click()
  await expect(page).toHaveURL(/\/new$/)
  await expect(page.getByRole('radio', { name: '2×' })).toBeChecked()
  await expect(image(page, 'tram.jpg')).toContainText('64 × 48 to 128 × 96')
  await expect(images(page)).toHaveCount(1)

  // From the list, too.
  await image(page, 'tram.jpg').getByRole('button', { name: 'Remove tram.jpg' }).click()
  await expect(images(page)).toHaveCount(0)
  await page.goBack()
  await page.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
  await page.getByRole('button', { name: 'Actions for tram.jpg' }).click()
  await page.getByRole('menuitem', { name: 'Run again…' }).click()
  await expect(image(page, 'tram.jpg')).toContainText('64 × 48 to 128 × 96')

  // After a reload the original is gone, so it has to be added.
  await page.goBack()
  await page.getByRole('link', { name: 'tram.jpg' }).click()
  await page.reload()
  await again.click()
  await expect(page.getByText('Add the original of tram.jpg')).toBeVisible()
  await expect(page.getByRole('radio', { name: '2×' })).toBeChecked()
})

start('tasks that are run again link to each other', async ({ open, page }) => {
  await open()
  await page.getByRole('radio', { name: '2×' }).check({ force: true })
  await choose(page, [await photo('tram.jpg', 64, 48)])
  const upscale = page.getByRole('button', { name: /^Upscale 1 image/ })
  await upscale.click()
  await expect(image(page, 'tram.jpg')).toContainText('Done', { timeout: 60_000 })
  await page.getByRole('link', { name: 'Open tram.jpg' }).click()
  const first = page.url()

  await page.getByRole('link', { name: 'Run again…' }).click()
  await upscale.click()
  await page.getByRole('link', { name: 'Open tram.jpg' }).click()
  const related = page.getByRole('region', { name: 'Related tasks' })
  await expect(related).toContainText('Run again from')
  await related.getByRole('link', { name: 'tram.jpg' }).click()
  await expect(page).toHaveURL(first)
  await expect(related).toContainText('Run again as')

  // The result is an image, too.
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Use as input' }).click()
  await expect(page).toHaveURL(/\/new$/)
  await expect(images(page)).toContainText('128 × 96 to 256 × 192')
  await upscale.click()
  await page.getByRole('link', { name: /^Open tram/ }).click()
  await expect(related).toContainText('Run again from')
  await related.getByRole('link', { name: 'tram.jpg' }).click()
  await expect(related.getByRole('link')).toHaveCount(2)
  await page.reload()
  await expect(related.getByRole('link')).toHaveCount(2)
})
