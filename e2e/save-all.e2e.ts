import type { Page } from '@playwright/test'
import { openTask, sha, test } from './support/file-fixtures.ts'
import { MANY, MB, picture, scan } from './support/file-tasks.ts'
import { expect } from './support/fixtures.ts'
import { FORTY, GOOD_FOR } from './support/host-kinds.ts'
import { zipOf } from './support/unzip.ts'

/* All files of a task: as one zip, or each into a folder by itself. */

const LIST = 'Missing files.txt'

const saveAll = async (page: Page) => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save all as a zip' }).click(),
  ])
  return { name: download.suggestedFilename(), files: await zipOf(download) }
}

const missing = (page: Page) =>
  page.getByRole('status').filter({ hasText: 'missing' }).getByRole('listitem')

test('all that can be had are in one zip, and what failed is listed with its reason', async ({
  page,
}) => {
  await openTask(page, 'mixed')
  const { name, files } = await saveAll(page)
  expect(name).toBe('mixed.zip')
  expect([...files.keys()]).toEqual([
    'same-upscayl-standard-4x-4x.png',
    'same-upscayl-standard-4x-4x (2).png',
    LIST,
  ])
  expect([...files.values()].slice(0, 2).map(sha)).toEqual([sha(picture), sha(picture)])
  await expect(missing(page)).toHaveText([/refused.*403/, /cut.*connection broke/])
})

test('no file is missing from a zip without a word, on the page and in the zip', async ({
  page,
}) => {
  await openTask(page, 'partly')
  const { files } = await saveAll(page)
  expect([...files.keys()]).toEqual(['fine-upscayl-standard-4x-4x.png', LIST])
  const words = [
    /^linkless.*no link/,
    /^dead.*410/,
    /^over.*link has ended/,
    /^page.*other than an image/,
    /^empty.*empty file/,
    /^half.*before its end/,
    /^closed.*only the browser/,
  ]
  await expect(missing(page)).toHaveText(words)
  const lines = files.get(LIST)?.toString().split('\n').slice(2, -1) ?? []
  expect(lines).toHaveLength(words.length)
  for (const [n, line] of lines.entries()) expect(line).toMatch(words[n] ?? '')
  await expect(page.getByText('1 file fetched')).toBeVisible()
})

test('links that end during a long zip are asked for again, and no more than that', async ({
  page,
  host,
}) => {
  await openTask(page, 'forty')
  const questions = () => host.asked.filter((path) => path === '/get-task-status').length
  const before = questions()
  const { files } = await saveAll(page)
  expect(files.size).toBe(FORTY)
  expect([...files.values()].every((bytes) => sha(bytes) === sha(picture))).toBe(true)
  expect(questions() - before).toBeLessThanOrEqual(FORTY / GOOD_FOR)
})

test('a zip is no danger to an older one, and goes on when its page is left', async ({
  page,
  host,
}) => {
  // A picker empties the file that is chosen, before anything is written.
  await page.addInitScript(() =>
    Object.assign(window, {
      showSaveFilePicker: async () => {
        const folder = await navigator.storage.getDirectory()
        const file = await folder.getFileHandle('gated-two.zip', { create: true })
        await (await file.createWritable()).close()
        return file
      },
    }),
  )
  await openTask(page, 'gated-two')
  await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory()
    const file = await folder.getFileHandle('gated-two.zip', { create: true })
    const writable = await file.createWritable()
    await writable.write('an older zip')
    await writable.close()
  })
  await page.getByRole('button', { name: 'Save all as a zip' }).click()
  await expect(page.getByText('Saving 1 of 2 files')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByText('Nothing was saved.')).toBeVisible()
  const kept = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory()
    return (await (await folder.getFileHandle('gated-two.zip')).getFile()).text()
  })
  expect(kept).toBe('an older zip')

  await page.getByRole('button', { name: 'Save all as a zip' }).click()
  await expect(page.getByText('Saving 1 of 2 files')).toBeVisible()
  await page.getByRole('link', { name: 'Tasks' }).first().click()
  await expect(page.getByText('1 download in progress')).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    fetch(`${host.url}/release/1`),
  ])
  expect((await zipOf(download)).size).toBe(2)
  await page.goBack()
  await expect(page.getByText('2 files fetched')).toBeVisible()
})

test('200 files of 200 MB become one zip, and the page stays small', async ({ page }) => {
  test.setTimeout(180_000)
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
  const downloaded = page.waitForEvent('download')
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
  await expect(page.getByText('200 files fetched, 200 MB')).toBeVisible()
  const grown = {
    used: (most.used - before.used) / MB,
    buffers: (most.buffers - before.buffers) / MB,
  }
  test.info().annotations.push({ type: 'heap', description: JSON.stringify(grown) })
  expect(grown.used).toBeLessThan(64)
  // What streams through is garbage at once, collected when the engine thinks fit.
  expect(grown.buffers).toBeLessThan(128)

  const files = await zipOf(await downloaded)
  expect(files.size).toBe(MANY)
  for (let n = 0; n < MANY; n++) {
    const bytes = files.get(`scan-${n}-upscayl-standard-4x-4x.png`)
    expect(bytes?.equals(scan(n))).toBe(true)
  }
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
