import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, giveKey, sandboxOf, test } from './support/fixtures.ts'
import { tile } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* From images to tasks, by a sandbox that upscales them in earnest. */

const start = test.extend<{ own: LoupeServer; open: () => Promise<Page> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  own: async ({}, use) => {
    // As fast as this machine can.
    const own = await startServer({ LOUPE_SANDBOX_PACE: '0' })
    await use(own)
    await own.stop()
  },
  open: async ({ own, page }, use) => {
    await use(async () => {
      await giveKey(page, (await sandboxOf(own.url).state()).key)
      await page.goto(own.url)
      await page.getByRole('link', { name: 'New task' }).click()
      return page
    })
  },
})

interface Photo {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** A picture that is large for its pixels, as photos are: noise does not compress. */
async function photo(name: string, width: number, height: number): Promise<Photo> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const buffer = await sharp({ create: { width, height, channels: 3, background: '#888', noise } })
    .jpeg({ quality: 80 })
    .toBuffer()
  return { name, mimeType: 'image/jpeg', buffer }
}

const choose = (page: Page, files: Photo[]) => page.getByLabel('Choose images').setInputFiles(files)

const images = (page: Page) => page.getByRole('list', { name: 'Images' }).getByRole('listitem')
const image = (page: Page, name: string) => images(page).filter({ hasText: name })

/** So slow a line that what is sent can be watched; null for the line as it is. */
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
  'a photo is dropped, sent, upscaled, compared with the result, and saved',
  async ({ own, open }) => {
    start.setTimeout(120_000)
    const page = await open()
    const { buffer } = await photo('harbour.jpg', 2400, 1600)
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Digital Art' })
    await page.getByRole('radio', { name: '2×' }).check({ force: true })
    await page.getByRole('radio', { name: 'JPG' }).check({ force: true })
    const dropped = await page.evaluateHandle((base64) => {
      const transfer = new DataTransfer()
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      transfer.items.add(new File([bytes], 'harbour.jpg', { type: 'image/jpeg' }))
      return transfer
    }, buffer.toString('base64'))
    const area = page.getByText('Drop images here, or paste them')
    await area.dispatchEvent('dragover', { dataTransfer: dropped })
    await area.dispatchEvent('drop', { dataTransfer: dropped })
    await expect(image(page, 'harbour.jpg')).toContainText('Ready')
    await page.getByRole('button', { name: 'Start 1 task' }).click()

    await expect(page).toHaveURL(/\/tasks\/[\w-]+$/)
    await expect(page.getByText('Processed', { exact: true })).toBeVisible({ timeout: 120_000 })
    const made = page.getByRole('region', { name: 'Made with' })
    await expect(made).toContainText('Digital Art')
    await expect(made).toContainText('2×')
    const { ledger } = await sandboxOf(own.url).state()
    await expect(page.getByRole('region', { name: 'Credits' })).toContainText(
      `${ledger.at(-1)?.credits} credits deducted`,
    )

    await page.getByRole('button', { name: /^Preview/ }).click()
    const viewer = page.getByRole('dialog')
    await viewer.getByRole('button', { name: 'Compare', exact: true }).click()
    // What was sent is there without being chosen again.
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
    const sound = Array.from({ length: 18 }, (_, n) => ({
      name: `picture-${String(n).padStart(2, '0')}.jpg`,
      mimeType: 'image/jpeg',
      // Each its own, or they would be taken for the same.
      buffer: Buffer.concat([buffer, Buffer.alloc(n)]),
    }))
    const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: buffer.subarray(0, 300) }
    await page.getByRole('radio', { name: '2×' }).check({ force: true })
    await choose(page, [...sound, broken])
    const large = await page.evaluateHandle((base64) => {
      const head = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      const transfer = new DataTransfer()
      const parts = [head, new Uint8Array(100 * 1024 * 1024)]
      transfer.items.add(new File(parts, 'large.jpg', { type: 'image/jpeg' }))
      return transfer
    }, buffer.toString('base64'))
    await page.getByText('Drop images here').dispatchEvent('drop', { dataTransfer: large })
    await expect(images(page)).toHaveCount(20)
    await expect(image(page, 'large.jpg')).toContainText('100 MiB')

    await throttle(page, 1500)
    await page.getByRole('button', { name: 'Start 19 tasks' }).click()
    await page.getByRole('button', { name: 'Cancel picture-17.jpg' }).click()
    await expect(image(page, 'picture-17.jpg')).toContainText('Cancelled: no task was started')
    await throttle(page, null)

    await expect(page.getByText('17 started, 1 failed, 1 cannot be sent, 1 cancelled')).toBeVisible(
      {
        timeout: 120_000,
      },
    )
    await expect(image(page, 'broken.jpg')).toContainText('No task was started')
    await page.getByRole('link', { name: 'Go to the list' }).click()
    await expect(tile(page, 'Done 17')).toBeVisible({ timeout: 120_000 })
    const { ledger } = await sandboxOf(own.url).state()
    expect(ledger.length - before).toBe(17)
  },
)

start(
  'an upload that breaks off starts nothing, and one click starts it again',
  async ({ own, open }) => {
    const page = await open()
    const { tasks } = await sandboxOf(own.url).state()
    await choose(page, [await photo('cut.jpg', 600, 400)])
    await throttle(page, 20_000)
    await page.getByRole('button', { name: 'Start 1 task' }).click()
    const bar = page.getByRole('progressbar', { name: 'Upload of cut.jpg' })
    await expect
      .poll(async () => Number(await bar.getAttribute('aria-valuenow')))
      .toBeGreaterThan(0)
    await own.kill()
    await expect(image(page, 'cut.jpg')).toContainText('The upload broke off. No task was started')
    await own.restart()
    await throttle(page, null)
    const after = await sandboxOf(own.url).state()
    expect(after.tasks).toEqual(tasks)
    expect(after.ledger).toEqual([])
    await page.getByRole('button', { name: 'Start cut.jpg again' }).click()
    await expect(page).toHaveURL(/\/tasks\/[\w-]+$/)
    await expect(page.getByText('Processed', { exact: true })).toBeVisible({ timeout: 120_000 })
  },
)

start(
  'what cannot be sent is said before anything is, and the choice is remembered',
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
    await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeDisabled()
    await page.getByRole('button', { name: 'Use addresses' }).click()
    await page.getByRole('textbox', { name: 'Image addresses' }).fill('ftp://example.org/a.png')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'http' })).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Image addresses' })).toHaveValue(
      'ftp://example.org/a.png',
    )
    await page.getByRole('radio', { name: 'WEBP' }).check({ force: true })
    await page.getByRole('checkbox', { name: 'Face enhancement' }).check()
    await page.reload()
    await expect(page.getByRole('radio', { name: 'WEBP' })).toBeChecked()
    await expect(page.getByRole('checkbox', { name: 'Face enhancement' })).toBeChecked()
    expect(sent).toEqual([])
  },
)
