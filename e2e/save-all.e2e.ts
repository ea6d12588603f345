import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { fromBuffer } from 'yauzl'
import { openTask, sha, test } from './support/file-fixtures.ts'
import { randomBytes } from './support/file-host.ts'
import { EACH, MANY, MB, picture } from './support/file-tasks.ts'
import { expect } from './support/fixtures.ts'

/* All files of a task: as one zip, or each into a folder by itself. */

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

test('200 files of 200 MB become one zip on disk, and the page stays small', async ({ page }) => {
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
    // At most once a frame, which leaves the page its time.
    done = await page.evaluate(async () => {
      await new Promise(requestAnimationFrame)
      return document.querySelector('[aria-label="Files saved"]') === null
    })
  }
  await expect(page.getByText('200 files saved, 200 MB')).toBeVisible()
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

/** Stands in for the picker of folders: the origin's own file system, under a name of its own. */
const pickOwnFolder = () =>
  Object.assign(window, {
    showDirectoryPicker: async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('Upscaled', { create: true }),
  })

const filesInFolder = (page: Page) =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('Upscaled')
    const found: Record<string, number> = {}
    for await (const [name, handle] of folder.entries()) {
      if (handle instanceof FileSystemFileHandle) found[name] = (await handle.getFile()).size
    }
    return found
  })

test('once a folder is picked every file lands there by itself, and none over another', async ({
  page,
}) => {
  await page.addInitScript(pickOwnFolder)
  await openTask(page, 'running')
  await page.getByRole('button', { name: 'Save into a folder' }).click()
  await expect(page.getByText('Files go into Upscaled')).toBeVisible()
  // The task ends at its second answer.
  await page.getByRole('button', { name: 'Ask now' }).click()
  await expect(page.getByText(/^Saved in Upscaled as/)).toHaveCount(2)
  expect(await filesInFolder(page)).toEqual({
    'same-upscayl-standard-4x-4x.png': picture.length,
    'same-upscayl-standard-4x-4x (2).png': picture.length,
  })

  // The same files once more, from a page that has not saved them: what is there stays.
  await page.reload()
  await page.getByRole('button', { name: 'Save into a folder' }).click()
  await expect(page.getByText(/^Saved in Upscaled as/)).toHaveCount(2)
  expect(Object.keys(await filesInFolder(page))).toHaveLength(4)
})

test('a browser that cannot write into a folder says so', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'))
  await openTask(page, 'good')
  await expect(page.getByText(/cannot save into a folder by itself/)).toBeVisible()
})
