import { writeFile } from 'node:fs/promises'
import { expect, giveKey, sandboxOf, test } from './support/fixtures.ts'
import { hashesOf, largeImage, PART_BYTES, sha256 } from './support/large-image.ts'
import { startServer } from './support/server.ts'

/* A large image goes up by parts, each repeated by itself. */

const SIZE = 90_000_000
/** Large enough for parts. */
const SMALLER = 17_000_000
const PARTS = Math.ceil(SIZE / PART_BYTES)

test('90 MB arrive whole over two lost connections and a restart', async ({ page }, info) => {
  const server = await startServer({ LOUPE_SANDBOX_PACE: '100', LOUPE_SANDBOX_DEMOS: 'none' })
  try {
    const bytes = await largeImage(SIZE)
    const file = info.outputPath('film.jpg')
    await writeFile(file, bytes)
    await giveKey(page, (await sandboxOf(server.url).state()).key)
    const confirmed: string[] = []
    let sent = 0
    let starts = 0
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      const method = response.request().method()
      if (method === 'PUT' && response.ok()) confirmed.push(pathname)
      if (method === 'POST' && pathname === '/api/start-task') starts++
    })
    await page.route('**/uploads/**', async (route) => {
      const n = ++sent
      if (n === 10) {
        await server.kill()
        await server.restart()
      }
      // Two times the connection is lost for what is on its way.
      if ((n >= 4 && n <= 6) || n === 10 || (n >= 14 && n <= 16)) return route.abort()
      await route.continue()
    })
    await page.goto(`${server.url}/new`)
    await page.getByLabel(/^(Choose|Add) images$/).setInputFiles(file)
    await page.getByRole('button', { name: /^Upscale 1 image/ }).click()
    await expect(page.getByRole('link', { name: 'View task' })).toBeVisible({ timeout: 120_000 })

    expect(new Set(confirmed).size).toBe(PARTS)
    expect(confirmed).toHaveLength(PARTS)
    expect(starts).toBe(1)
    expect(await hashesOf(server.dataDir, SIZE)).toContain(sha256(bytes))
    await page.getByRole('link', { name: 'View task' }).click()
    await expect(page.getByRole('heading', { name: 'film.jpg' })).toBeVisible()
  } finally {
    await server.stop()
  }
})

test('where parts are not possible, the image is sent whole', async ({ page, server }, info) => {
  const file = info.outputPath('film.jpg')
  await writeFile(file, await largeImage(SMALLER))
  await giveKey(page, (await sandboxOf(server.url).state()).key)
  const requests: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  const start = async () => {
    requests.length = 0
    await page.getByLabel(/^(Choose|Add) images$/).setInputFiles(file)
    await page.getByRole('button', { name: /^Upscale 1 image/ }).click()
    await expect(page.getByRole('link', { name: 'View task' })).toBeVisible({ timeout: 120_000 })
    expect(requests.filter((path) => path === '/api/start-task')).toHaveLength(1)
  }
  // A storage that does not accept this page.
  await page.route('**/uploads/**', (route) => route.abort())
  await page.goto('/new')
  await start()
  expect(requests).toContain('/api/get-upload-url')

  // An API without such uploads.
  await page.route('**/api/get-upload-url', (route) => route.fulfill({ status: 404 }))
  await page.goto('/new')
  await start()
  expect(requests.filter((path) => path.startsWith('/uploads/'))).toEqual([])
})
