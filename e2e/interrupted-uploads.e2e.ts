import { readFile, writeFile } from 'node:fs/promises'
import type { Page, Route } from '@playwright/test'
import { test as base, expect, giveKey, sandboxOf } from './support/fixtures.ts'
import { hashesOf, largeImage, PART_BYTES, sha256 } from './support/large-image.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* What is under way when the page is left continues, and costs nothing twice. */

const test = base.extend<{ own: LoupeServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  own: async ({}, use) => {
    const own = await startServer({ LOUPE_SANDBOX_PACE: '0', LOUPE_SANDBOX_DEMOS: 'none' })
    await use(own)
    await own.stop()
  },
  page: async ({ page, own }, use) => {
    await giveKey(page, (await sandboxOf(own.url).state()).key)
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
  },
})

const SIZE = 60_000_000
const PARTS = Math.ceil(SIZE / PART_BYTES)
const SMALL = 20_000

const image = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Images' }).getByRole('listitem').filter({ hasText: name })
const add = (page: Page, files: string | string[]) =>
  page.getByLabel(/^(Choose|Add) images$/).setInputFiles(files)
const chooseAgain = (page: Page, name: string) => page.getByLabel(`Choose file for ${name}`)
const upscale = (page: Page) => page.getByRole('button', { name: /^Upscale \d+ image/ }).click()
const charged = async (server: LoupeServer) => (await sandboxOf(server.url).state()).ledger

/** Parts pass until `most` have arrived; later ones wait, and are never answered, until `release`. */
async function holdParts(page: Page, most: number) {
  const confirmed: string[] = []
  let passed = 0
  let isOpen = false
  const held: Route[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (response.request().method() === 'PUT' && response.ok()) confirmed.push(pathname)
  })
  await page.route('**/uploads/**', async (route) => {
    if (isOpen || ++passed <= most) await route.continue()
    else held.push(route)
  })
  return {
    confirmed,
    release: async () => {
      isOpen = true
      // Those of an earlier load of the page have ended.
      for (const route of held.splice(0)) await route.continue().catch(() => {})
    },
  }
}

/** An upload of which seven parts have arrived. */
async function interrupted(page: Page, { url }: LoupeServer, file: string) {
  const parts = await holdParts(page, 7)
  await page.goto(`${url}/new`)
  await add(page, file)
  await upscale(page)
  await expect.poll(() => parts.confirmed.length).toBe(7)
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '61')
  return parts
}

test('60 MB continue after a reload: no part twice, one task', async ({ page, own }, info) => {
  const file = info.outputPath('film.jpg')
  const other = info.outputPath('other.jpg')
  await writeFile(file, await largeImage(SIZE))
  await writeFile(other, await largeImage(SMALL))
  const parts = await interrupted(page, own, file)

  await page.reload()
  const row = image(page, 'film.jpg')
  await expect(row).toContainText('Upload interrupted at 61%. Choose the file again to continue.')
  // It is found on other pages, too.
  await page.goto(own.url)
  await expect(page.getByText('1 upload was interrupted')).toBeVisible()
  await page.getByRole('link', { name: 'Continue' }).click()

  await chooseAgain(page, 'film.jpg').setInputFiles(other)
  await expect(row.getByRole('alert')).toHaveText('other.jpg is another file. Choose film.jpg.')
  await chooseAgain(page, 'film.jpg').setInputFiles(file)
  // The rest is held: this is what had arrived before.
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '61')
  await parts.release()
  await expect(page.getByRole('link', { name: 'View task' })).toBeVisible()

  expect(new Set(parts.confirmed).size).toBe(PARTS)
  expect(parts.confirmed).toHaveLength(PARTS)
  await expect(row).toContainText('Done · 10 credits deducted')
  expect(await charged(own)).toHaveLength(1)
  expect(await hashesOf(own.dataDir, SIZE)).toContain(sha256(await readFile(file)))
  await page.reload()
  await expect(page.getByText('Drop images or paste')).toBeVisible()
})

test('a group continues once its files are back', async ({ page, own }, info) => {
  const files = ['tram.jpg', 'dunes.jpg'].map((name) => info.outputPath(name))
  for (const file of files) await writeFile(file, await largeImage(3 * PART_BYTES))
  const parts = await holdParts(page, 2)
  await page.goto(`${own.url}/new`)
  await add(page, files)
  await page.getByText('One task for all').click()
  await upscale(page)
  await expect.poll(() => parts.confirmed.length).toBe(2)
  await page.reload()
  const row = image(page, 'tram.jpg + 1 more')
  await expect(row).toContainText(
    'Upload interrupted at 33%. Choose tram.jpg, dunes.jpg again to continue.',
  )
  await parts.release()
  // In whatever way they come.
  await add(page, files[1] ?? '')
  await expect(row).toContainText('Choose tram.jpg again to continue.')
  await page.getByLabel('Choose files for tram.jpg').setInputFiles(files[0] ?? '')
  await expect(row).toContainText('Done · 20 credits deducted')
  expect(parts.confirmed).toHaveLength(6)
  expect(new Set(parts.confirmed).size).toBe(6)
  expect(await charged(own)).toHaveLength(1)
})

/** Starts a task, and loses the response until the page is reloaded. Returns the path of its page. */
async function loseStart(page: Page): Promise<string> {
  await page.evaluate(() => {
    const { send } = XMLHttpRequest.prototype
    XMLHttpRequest.prototype.send = function (body) {
      if (body instanceof FormData) this.onload = null
      send.call(this, body)
    }
  })
  const [response] = await Promise.all([page.waitForResponse('**/api/start-task'), upscale(page)])
  const { data } = (await response.json()) as { data: { taskId: string } }
  await page.reload()
  return `/tasks/${data.taskId}`
}

test('a start whose response was lost is repeated as the same', async ({ page, own }, info) => {
  const file = info.outputPath('tram.jpg')
  const film = info.outputPath('film.jpg')
  await writeFile(file, await largeImage(SMALL))
  await writeFile(film, await largeImage(4 * PART_BYTES))
  await page.goto(`${own.url}/new`)
  await add(page, file)
  const first = await loseStart(page)
  const row = image(page, 'tram.jpg')
  await expect(row).toContainText(
    'The task may have started. Choose the file again to make sure. It won’t start a second task.',
  )
  await add(page, file)
  await expect(row).toContainText('Done · 10 credits deducted')
  await expect(row.getByRole('link', { name: 'Open tram.jpg' })).toHaveAttribute('href', first)
  expect(await charged(own)).toHaveLength(1)

  // What was uploaded before needs no file.
  await add(page, film)
  const second = await loseStart(page)
  await expect(image(page, 'film.jpg')).toContainText('Retry is safe')
  await page.getByRole('button', { name: 'Retry film.jpg' }).click()
  await expect(page.getByRole('link', { name: 'Open film.jpg' })).toHaveAttribute('href', second)
  await expect.poll(() => charged(own)).toHaveLength(2)
})

test('an upload whose links expire is abandoned', async ({ page, own }, info) => {
  const file = info.outputPath('film.jpg')
  await writeFile(file, await largeImage(SIZE))
  await page.clock.install()
  await interrupted(page, own, file)
  await page.reload()
  const row = image(page, 'film.jpg')
  await expect(row).toContainText('Upload interrupted at 61%')
  await page.clock.fastForward('01:01:00')
  await expect(row).toContainText(
    'Upload abandoned: its links expired. No task was started, nothing was charged.',
  )
  await page.goto(own.url)
  await expect(page.getByText('1 upload was abandoned')).toBeVisible()
  await page.getByRole('link', { name: 'View', exact: true }).click()
  await page.getByRole('button', { name: 'Remove film.jpg' }).click()
  await page.reload()
  await expect(page.getByText('Drop images or paste')).toBeVisible()
  expect(await page.evaluate(() => Object.keys(sessionStorage))).not.toContainEqual(
    expect.stringContaining('upload-parts'),
  )
})

test('a copy of the tab sends nothing, and a closed tab’s upload is abandoned', async ({
  page,
  own,
}, info) => {
  const file = info.outputPath('film.jpg')
  await writeFile(file, await largeImage(SIZE))
  const parts = await interrupted(page, own, file)
  const [copy] = await Promise.all([
    page.waitForEvent('popup'),
    page.evaluate(() => void open('/new')),
  ])
  const links = () =>
    copy.evaluate(() => Object.keys(sessionStorage).filter((name) => name.includes('parts')))
  // Once it has found that another tab has them.
  await expect.poll(links).toEqual([])
  await expect(copy.getByText('Drop images or paste')).toBeVisible()
  await parts.release()
  await expect(image(page, 'film.jpg')).toContainText('Done · 10 credits deducted')
  expect(parts.confirmed).toHaveLength(PARTS)

  const again = info.outputPath('again.jpg')
  await writeFile(again, await largeImage(SIZE))
  await page.route('**/uploads/**', () => {})
  await add(page, again)
  await upscale(page)
  await expect(image(page, 'again.jpg')).toContainText('Uploading 0%')
  await page.close()
  await copy.reload()
  await expect(image(copy, 'again.jpg')).toContainText(
    'Upload abandoned: its tab was closed. No task was started, nothing was charged.',
  )
})
