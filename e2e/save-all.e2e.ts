import type { Page } from '@playwright/test'
import { downloadMenu, openTask, sha, test } from './support/file-fixtures.ts'
import { MANY, MB, picture, scan } from './support/file-tasks.ts'
import { expect, giveKey } from './support/fixtures.ts'
import { FORTY, GOOD_FOR } from './support/host-kinds.ts'
import { zipOf } from './support/unzip.ts'

/* All files of a task: as one zip, or each saved into a folder automatically. */

const LIST = 'Missing files.txt'

const saveAll = async (page: Page) => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Download all/ }).click(),
  ])
  return { name: download.suggestedFilename(), files: await zipOf(download) }
}

const missing = (page: Page) =>
  page.getByRole('status').filter({ hasText: 'missing' }).getByRole('listitem')

test('available files are in one zip, and failed ones are listed with a reason', async ({
  page,
}) => {
  await openTask(page, 'mixed')
  const { name, files } = await saveAll(page)
  expect(name).toBe('same.png + 3 more (upscayl-standard 4x).zip')
  expect([...files.keys()]).toEqual([
    'same-upscayl-standard-4x.png',
    'same-upscayl-standard-4x (2).png',
    LIST,
  ])
  expect([...files.values()].slice(0, 2).map(sha)).toEqual([sha(picture), sha(picture)])
  await expect(missing(page)).toHaveText([/refused.*403/, /cut.*connection dropped/])
})

test('every file missing from a zip is reported, on the page and in the zip', async ({ page }) => {
  await openTask(page, 'partly')
  const { files } = await saveAll(page)
  expect([...files.keys()]).toEqual(['fine-upscayl-standard-4x.png', LIST])
  const words = [
    /^linkless.*No download link/,
    /^dead.*410/,
    /^over.*Link expired/,
    /^page.*other than an image/,
    /^empty.*empty file/,
    /^half.*cut off/,
    /^closed.*Only the browser/,
  ]
  await expect(missing(page)).toHaveText(words)
  const lines = files.get(LIST)?.toString().split('\n').slice(2, -1) ?? []
  expect(lines).toHaveLength(words.length)
  for (const [n, line] of lines.entries()) expect(line).toMatch(words[n] ?? '')
  await expect(page.getByText('1 file downloaded')).toBeVisible()
})

test('only links that expire during a long zip are requested again', async ({ page, host }) => {
  await openTask(page, 'forty')
  const requests = () => host.asked.filter((path) => path === '/get-task-status').length
  const before = requests()
  const { files } = await saveAll(page)
  expect(files.size).toBe(FORTY)
  expect([...files.values()].every((bytes) => sha(bytes) === sha(picture))).toBe(true)
  expect(requests() - before).toBeLessThanOrEqual(FORTY / GOOD_FOR)
})

test('a zip does not destroy an older one, and continues when its page is left', async ({
  page,
  host,
}) => {
  // A picker truncates the chosen file before anything is written.
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
  const all = page.getByRole('button', { name: /^Download all/ })
  await all.press('Enter')
  await expect(page.getByText('Saving 1 of 2 files')).toBeVisible()
  await expect(all).toBeFocused()
  await page.getByRole('button', { name: 'Cancel', exact: true }).press('Enter')
  await expect(page.getByText('Nothing was saved.')).toBeVisible()
  await expect(page.locator(':focus')).toContainText('Cancelled')
  const kept = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory()
    return (await (await folder.getFileHandle('gated-two.zip')).getFile()).text()
  })
  expect(kept).toBe('an older zip')

  await page.getByRole('button', { name: /^Download all/ }).click()
  await expect(page.getByText('Saving 1 of 2 files')).toBeVisible()
  await page.getByRole('link', { name: 'Tasks' }).first().click()
  await expect(page.getByText('1 download in progress')).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    fetch(`${host.url}/release/1`),
  ])
  expect((await zipOf(download)).size).toBe(2)
  await page.goBack()
  await expect(page.getByText('2 files downloaded')).toBeVisible()
})

test('200 files, 200 MB in total, become one zip, and memory stays small', async ({ page }) => {
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
  let peak = before
  const downloaded = page.waitForEvent('download')
  await page.getByRole('button', { name: /^Download all/ }).click()
  await expect(page.getByRole('progressbar', { name: 'Files saved' })).toBeVisible()
  // No assertions here: Playwright's text search creates garbage in the same heap.
  let done = false
  while (!done) {
    const seen = await heap()
    peak = { used: Math.max(peak.used, seen.used), buffers: Math.max(peak.buffers, seen.buffers) }
    // At most once per frame, to leave the page time to work.
    done = await page.evaluate(async () => {
      await new Promise(requestAnimationFrame)
      return document.querySelector('[aria-label="Files saved"]') === null
    })
  }
  await expect(page.getByText('200 files downloaded, 200 MB')).toBeVisible()
  const grown = {
    used: (peak.used - before.used) / MB,
    buffers: (peak.buffers - before.buffers) / MB,
  }
  test.info().annotations.push({ type: 'heap', description: JSON.stringify(grown) })
  expect(grown.used).toBeLessThan(64)
  // Streamed data becomes garbage immediately, and is collected when the engine decides.
  expect(grown.buffers).toBeLessThan(128)

  const files = await zipOf(await downloaded)
  expect(files.size).toBe(MANY)
  for (let n = 0; n < MANY; n++) {
    const bytes = files.get(`scan-${n}-upscayl-standard-4x.png`)
    expect(bytes?.equals(scan(n))).toBe(true)
  }
})

/** Replaces the folder picker with a folder in the origin's private file system. */
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

test('once a folder is picked, files are saved there automatically, never overwriting', async ({
  page,
}) => {
  await page.addInitScript(pickOwnFolder)
  await giveKey(page, 'a-key-of-nobody-1234567890')
  await page.goto('/tasks/running')
  await page.getByRole('button', { name: 'Save into a folder…' }).click()
  await expect(page.getByText('Saving to Upscaled')).toBeVisible()
  // The task ends with its second response, which is requested automatically.
  await expect(page.getByText(/^Saved in Upscaled as/)).toHaveCount(2)
  expect(await filesInFolder(page)).toEqual({
    'same-upscayl-standard-4x.png': picture.length,
    'same-upscayl-standard-4x (2).png': picture.length,
  })

  // The same files again, from a page that has not saved them: existing files stay.
  await page.reload()
  await downloadMenu(page, 'Save into a folder…')
  await expect(page.getByText(/^Saved in Upscaled as/)).toHaveCount(2)
  expect(Object.keys(await filesInFolder(page))).toHaveLength(4)
})

test('a browser that cannot write to a folder says so in the menu only', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'))
  await openTask(page, 'good')
  await expect(page.getByText('Chrome and Edge only')).toHaveCount(0)
  await page.getByRole('button', { name: 'More ways to download' }).click()
  await expect(page.getByRole('menuitem', { name: /^Save into a folder/ })).toBeDisabled()
  await expect(page.getByText('Chrome and Edge only')).toBeVisible()
})
