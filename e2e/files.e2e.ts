import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { fromBuffer } from 'yauzl'
import { doneTask, type FileHost, randomBytes, startFileHost } from './support/file-host.ts'
import { test as base, expect, giveKey } from './support/fixtures.ts'
import { startServer } from './support/server.ts'

/* The files of a task: fetched from another origin that pages may read, checked, saved, or not. */

const MB = 1_000_000
const DAY = 86_400
const soon = () => Math.floor(Date.now() / 1000) + 2 * DAY

const noise = sharp(randomBytes(7, 64 * 48 * 3), { raw: { width: 64, height: 48, channels: 3 } })
const picture = await noise.png().toBuffer()
const black = await sharp({
  create: { width: 64, height: 48, channels: 3, background: '#000' },
})
  .png()
  .toBuffer()

const fileAt =
  (path: string, name: string, fields: object = {}) =>
  (url: string) => ({
    originalFileName: name,
    fileType: 'image/png',
    expiresAt: soon(),
    createdAt: soon() - 3 * DAY,
    dimensions: { width: 64, height: 48 },
    downloadLink: `${url}${path}`,
    ...fields,
  })
const whole = { finalFileSize: picture.length }
const MANY = 200
const EACH = 2 * MB

const TASKS: Parameters<typeof startFileHost>[0]['tasks'] = {
  good: (url) => doneTask([fileAt('/picture/1', 'dunes.png', whole)(url)]),
  odd: (url) =>
    doneTask([
      fileAt('/picture/1', 'fine.png', whole)(url),
      fileAt('/broken/1', 'broken.png')(url),
      fileAt('/truncated/1', 'truncated.png', whole)(url),
      fileAt('/black/1', 'black.png')(url),
    ]),
  slow: (url) => doneTask([fileAt('/slow/1', 'slow.png')(url)]),
  cut: (url) => doneTask([fileAt('/cut/1', 'cut.png')(url)]),
  // Refused before its date; the second answer brings another link.
  early: (url, earlier) =>
    doneTask([fileAt(earlier === 0 ? '/refused/1' : '/picture/2', 'early.png', whole)(url)]),
  dead: (url) => doneTask([fileAt('/refused/1', 'dead.png')(url)]),
  mixed: (url) =>
    doneTask([
      fileAt('/picture/1', 'same.png')(url),
      fileAt('/picture/2', 'same.png')(url),
      fileAt('/refused/1', 'refused.png')(url),
      fileAt('/cut/1', 'cut.png')(url),
    ]),
  many: (url) =>
    doneTask(Array.from({ length: MANY }, (_, n) => fileAt(`/random/${n}`, `scan-${n}.png`)(url))),
  'many-slow': (url) =>
    doneTask([fileAt('/picture/1', 'first.png')(url), fileAt('/slow/1', 'second.png')(url)]),
}

const send =
  (bytes: Buffer): Parameters<typeof startFileHost>[0]['routes'][string] =>
  (response) => {
    response.setHeader('content-type', 'image/png')
    response.setHeader('content-length', bytes.length)
    response.end(bytes)
  }

const ROUTES: Parameters<typeof startFileHost>[0]['routes'] = {
  picture: send(picture),
  broken: send(Buffer.from(picture).fill(0x5a, 40, picture.length - 12)),
  truncated: send(picture.subarray(0, picture.length / 2)),
  black: send(black),
  random: (response, rest, request) =>
    send(randomBytes(Number(rest), EACH))(response, rest, request),
  refused: (response) => response.writeHead(403).end('expired'),
  slow: (response) => {
    response.setHeader('content-length', 10 * MB)
    response.write(randomBytes(1, MB))
  },
  cut: (response) => {
    response.setHeader('content-length', 10 * MB)
    response.write(randomBytes(1, MB), () => response.destroy())
  },
}

const test = base.extend<object, { host: FileHost }>({
  host: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
    async ({}, use) => {
      const host = await startFileHost({ tasks: TASKS, routes: ROUTES })
      await use(host)
      await host.stop()
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ host }, use) => {
      const server = await startServer({ UPSCAYL_API_URL: host.url })
      await use(server)
      await server.stop()
    },
    { scope: 'worker' },
  ],
})

async function openTask(page: Page, id: string): Promise<void> {
  await giveKey(page, 'a-key-of-nobody-1234567890')
  await page.goto(`/tasks/${id}`)
  await expect(page.getByRole('heading', { name: 'Files' })).toBeVisible()
}

const card = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) })

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

test('a file of another origin is fetched, saved under its name, and verified', async ({
  page,
}) => {
  await openTask(page, 'good')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download dunes.png' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('dunes-upscayl-standard-4x-4x.png')
  expect(sha(await readFile(await download.path()))).toBe(sha(picture))
  await expect(card(page, 'dunes.png').getByText(/^Verified/)).toBeVisible()
})

test('Verify tells a broken, a truncated and an all-black picture apart', async ({ page }) => {
  await openTask(page, 'odd')
  const verify = async (name: string) => {
    await page.getByRole('button', { name: `Verify ${name}` }).click()
    return card(page, name)
  }
  await expect((await verify('fine.png')).getByText(/^Verified/)).toBeVisible()
  await expect(
    (await verify('broken.png')).getByText('The file cannot be read as a picture'),
  ).toBeVisible()
  await expect((await verify('truncated.png')).getByText(/cut off/i).first()).toBeVisible()
  await expect(
    (await verify('black.png')).getByText('Every pixel is black (#000000)').first(),
  ).toBeVisible()
})

test('a download that is cancelled leaves nothing, and can be started again', async ({ page }) => {
  await openTask(page, 'slow')
  let downloads = 0
  page.on('download', () => downloads++)
  await page.getByRole('link', { name: 'Download slow.png' }).click()
  const bar = page.getByRole('progressbar', { name: 'Download of slow.png' })
  await expect(bar).toHaveAttribute('aria-valuenow', '10')
  await page.getByRole('button', { name: 'Cancel the download of slow.png' }).click()
  await expect(bar).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Download slow.png' })).toBeVisible()
  expect(downloads).toBe(0)
})

test('a connection that breaks says so, and nothing is saved', async ({ page }) => {
  await openTask(page, 'cut')
  await page.getByRole('link', { name: 'Download cut.png' }).click()
  await expect(
    page.getByText(/^The connection broke.* Try again; nothing was saved\.$/),
  ).toBeVisible()
  await expect(page.getByRole('link', { name: 'Download cut.png' })).toBeVisible()
})

test('a link that dies before its date is replaced by one question', async ({ page, host }) => {
  await openTask(page, 'early')
  await page.getByRole('link', { name: 'Download early.png' }).click()
  await expect(card(page, 'early.png').getByText('Link ended early')).toBeVisible()
  const before = host.asked.filter((path) => path === '/get-task-status').length
  await page.getByRole('button', { name: 'Get a fresh link' }).click()
  await expect(page.getByRole('link', { name: 'Download early.png' })).toBeVisible()
  expect(host.asked.filter((path) => path === '/get-task-status')).toHaveLength(before + 1)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download early.png' }).click(),
  ])
  expect(sha(await readFile(await download.path()))).toBe(sha(picture))
})

test('where the new answer brings no other link, the file is gone', async ({ page }) => {
  await openTask(page, 'dead')
  await page.getByRole('link', { name: 'Download dead.png' }).click()
  await page.getByRole('button', { name: 'Get a fresh link' }).click()
  await expect(card(page, 'dead.png').getByText('File is gone')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Get a fresh link' })).toHaveCount(0)
})

/** Stands in for the picker, which no test can click: a file of the origin's own file system. */
const pickOwnFile = () =>
  Object.assign(window, {
    showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
  })

/** What is in a zip, read by a program that shares nothing with the one that wrote it. */
const unzip = (bytes: Buffer): Promise<Map<string, string>> =>
  new Promise((resolve, reject) => {
    const found = new Map<string, string>()
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error)
      zip.on('error', reject)
      zip.on('end', () => resolve(found))
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, (fault, stream) => {
          if (fault) return reject(fault)
          const hash = createHash('sha256')
          stream.on('data', (chunk) => hash.update(chunk))
          stream.on('error', reject)
          stream.on('end', () => {
            found.set(entry.fileName, hash.digest('hex'))
            zip.readEntry()
          })
        }),
      )
      zip.readEntry()
    })
  })

test('all that can be had are saved as one zip, and what failed is listed with its reason', async ({
  page,
}) => {
  // As in a browser that cannot write to disk as it goes.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  await openTask(page, 'mixed')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save all as a zip' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('mixed.zip')
  const files = await unzip(await readFile(await download.path()))
  expect([...files.keys()]).toEqual([
    'same-upscayl-standard-4x-4x.png',
    'same-upscayl-standard-4x-4x (2).png',
  ])
  expect([...files.values()]).toEqual([sha(picture), sha(picture)])
  const result = page.getByRole('status').filter({ hasText: '2 files saved' })
  await expect(result.getByRole('listitem')).toHaveText([/refused.*403/, /cut.*connection broke/])
})

test('200 files of 400 MB become one zip on disk, and the page stays small', async ({ page }) => {
  test.setTimeout(180_000)
  await page.addInitScript(pickOwnFile)
  await openTask(page, 'many')
  const client = await page.context().newCDPSession(page)
  const heap = async () => {
    const { usedSize, backingStorageSize } = (await client.send('Runtime.getHeapUsage')) as {
      usedSize: number
      backingStorageSize?: number
    }
    return { used: usedSize, buffers: backingStorageSize ?? 0 }
  }
  await client.send('HeapProfiler.collectGarbage')
  const before = await heap()
  let most = before
  await page.getByRole('button', { name: 'Save all as a zip' }).click()
  await expect(page.getByRole('progressbar', { name: 'Files saved' })).toBeVisible()
  // Looked for by no assertion: what Playwright does to find a text is garbage in the same heap.
  let done = false
  while (!done) {
    const seen = await heap()
    most = { used: Math.max(most.used, seen.used), buffers: Math.max(most.buffers, seen.buffers) }
    done = await page.evaluate(() => document.querySelector('[aria-label="Files saved"]') === null)
  }
  await expect(page.getByText('200 files saved, 400 MB')).toBeVisible()
  const grown = {
    used: (most.used - before.used) / MB,
    buffers: (most.buffers - before.buffers) / MB,
  }
  test.info().annotations.push({ type: 'heap', description: JSON.stringify(grown) })
  expect(grown.used).toBeLessThan(64)
  // What streams through is garbage at once, collected when the engine thinks fit.
  expect(grown.buffers).toBeLessThan(128)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory()
      const file = await (await folder.getFileHandle('many.zip')).getFile()
      const link = document.createElement('a')
      link.href = URL.createObjectURL(file)
      link.download = 'many.zip'
      link.click()
    }),
  ])
  const files = await unzip(await readFile(await download.path()))
  expect(files.size).toBe(MANY)
  for (let n = 0; n < MANY; n++) {
    expect(files.get(`scan-${n}-upscayl-standard-4x-4x.png`)).toBe(sha(randomBytes(n, EACH)))
  }
})

test('a zip that is cancelled leaves no file behind', async ({ page }) => {
  await page.addInitScript(pickOwnFile)
  await openTask(page, 'many-slow')
  await page.getByRole('button', { name: 'Save all as a zip' }).click()
  await expect(page.getByText('Saving 1 of 2 files')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByText('Nothing was saved.')).toBeVisible()
  const names = await page.evaluate(async () => {
    const found: string[] = []
    for await (const name of (await navigator.storage.getDirectory()).keys()) found.push(name)
    return found
  })
  expect(names).toEqual([])
})
