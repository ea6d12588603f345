import type { Page } from '@playwright/test'
import { expect, test } from './support/fixtures.ts'
import { addTasks, rows } from './support/list.ts'

/* Content from other programs: pasted, or dropped outside the drop zone. */

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/**
 * Dispatches an event with an image and `texts` on `target`; false if the default action was
 * prevented.
 */
const send = (page: Page, target: string, kind: string, texts: Record<string, string> = {}) =>
  page.locator(target).evaluate(
    (element, [type, base64, others]) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      const data = new DataTransfer()
      for (const [format, text] of Object.entries(others)) data.setData(format, text)
      data.items.add(new File([bytes], 'image.png', { type: 'image/png' }))
      const options = { bubbles: true, cancelable: true }
      return element.dispatchEvent(
        type === 'paste'
          ? new ClipboardEvent(type, { ...options, clipboardData: data })
          : new DragEvent(type, { ...options, dataTransfer: data }),
      )
    },
    [kind, PIXEL, texts] as const,
  )

const images = (page: Page) => page.getByRole('list', { name: 'Images' }).getByRole('listitem')
const cells = { 'text/plain': 'https://a.example/1.png', 'text/html': '<table><tr><td>1' }

test('an image pasted together with text into a field is not queued', async ({ open, page }) => {
  await open('/new')
  await page.getByRole('button', { name: 'Add from URL' }).click()
  await expect(page.getByLabel('Image URLs')).toBeFocused()
  // A range of cells, an image from another program, one from a web page.
  await send(page, 'textarea', 'paste', cells)
  await send(page, 'textarea', 'paste')
  await send(page, 'textarea', 'paste', { 'text/html': '<img src="https://a.example/1.png">' })
  // Cells are no image outside the field either.
  await send(page, 'body', 'paste', cells)
  await expect(images(page)).toHaveCount(0)
  // An image is, and so is a file with its name.
  await send(page, 'body', 'paste', { 'text/html': '<img src="https://a.example/1.png">' })
  await expect(images(page)).toHaveCount(1)
  // The same picture once more.
  await send(page, 'body', 'paste')
  await expect(page.getByText('1 duplicate skipped.')).toBeVisible()
  await expect(images(page)).toHaveCount(1)
})

test('a file dropped outside the zone is accepted', async ({ open, page }) => {
  await open('/new')
  await expect(page.getByRole('heading', { name: 'New task' })).toBeVisible()
  for (const target of ['h1', 'header', 'body']) {
    expect(await send(page, target, 'dragover')).toBe(false)
  }
  expect(await send(page, 'h1', 'drop')).toBe(false)
  await expect(images(page)).toHaveCount(1)
})

for (const path of ['/', '/credits', '/tasks/sentinel-processed']) {
  test(`an image dropped or pasted on ${path} opens New task`, async ({ open, page }) => {
    await open(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    // The code for it loads after the page.
    await expect
      .poll(async () => {
        await send(page, 'h1', 'dragover')
        return page.getByText('Drop to upscale').isVisible()
      })
      .toBe(true)
    await send(page, 'h1', 'drop')
    await expect(page).toHaveURL('/new')
    await expect(images(page)).toHaveCount(1)
    await page.goBack()
    await expect(page).toHaveURL(path)
    // Cells of a table are text.
    await send(page, 'body', 'paste', cells)
    await send(page, 'body', 'paste')
    await expect(page).toHaveURL('/new')
    await expect(images(page)).toHaveCount(2)
  })
}

test('persistent storage is requested once there is a list', async ({ open, page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { asked: 0 })
    navigator.storage.persisted = async () => false
    navigator.storage.persist = async () => {
      Object.assign(window, { asked: (window as unknown as { asked: number }).asked + 1 })
      return true
    }
  })
  const persistCalls = () => page.evaluate(() => (window as unknown as { asked: number }).asked)
  await open('/')
  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible()
  expect(await persistCalls()).toBe(0)
  await addTasks(page, ['sentinel-processed~kept', 'sentinel-failed~kept'])
  await expect(rows(page)).toHaveCount(2)
  await expect.poll(persistCalls).toBe(1)
})
