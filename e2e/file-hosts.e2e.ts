import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { card, openTask, sha, test } from './support/file-fixtures.ts'
import { picture } from './support/file-tasks.ts'
import { expect } from './support/fixtures.ts'
import { ENDS, WRONG } from './support/host-kinds.ts'

/* One file on various hosts: CORS, expired links, and responses that are no image. */

const link = (page: Page, name: string) => page.getByRole('link', { name: `Download ${name}` })

const saved = async (page: Page, name: string) => {
  const [download] = await Promise.all([page.waitForEvent('download'), link(page, name).click()])
  return sha(await readFile(await download.path()))
}

test('a link signed only for GET is readable: it is probed with GET', async ({ page, host }) => {
  expect((await fetch(`${host.url}/picture/1`, { method: 'HEAD' })).status).toBe(403)
  await openTask(page, 'good')
  await page.getByRole('button', { name: 'More ways to download' }).click()
  await expect(page.getByRole('menuitem', { name: 'Verify file' })).toBeVisible()
  await page.keyboard.press('Escape')
  expect(await saved(page, 'dunes.png')).toBe(sha(picture))
  await expect(card(page, 'dunes.png').getByText(/can only be saved by the browser/)).toHaveCount(0)
})

test('an image already displayed can still be downloaded', async ({ page }) => {
  await openTask(page, 'with-origin')
  await page.getByRole('button', { name: 'Preview one.png' }).click()
  await expect(page.getByText('1 of 2 · 64 × 48 px')).toBeVisible()
  await page.keyboard.press('Escape')
  for (const name of ['one.png', 'two.png']) {
    await expect.poll(() => card(page, name).locator('img').evaluate(isDrawn)).toBe(true)
    expect(await saved(page, name)).toBe(sha(picture))
    await expect(card(page, name).getByText(/^Verified/)).toBeVisible()
  }
})

const isDrawn = (image: HTMLElement | SVGElement) =>
  image instanceof HTMLImageElement && image.naturalWidth > 0

for (const status of ENDS) {
  test(`a link that expired with ${status} is replaced by a new one`, async ({ page }) => {
    await openTask(page, `ended-${status}`)
    await link(page, 'ended.png').click()
    await expect(card(page, 'ended.png').getByText('Link expired early')).toBeVisible()
    await page.getByRole('button', { name: 'Get a new link' }).click()
    await expect(link(page, 'ended.png')).toBeVisible()
    expect(await saved(page, 'ended.png')).toBe(sha(picture))
  })

  test(`a link that expired with ${status}, without CORS, opens no page of its host`, async ({
    page,
    context,
  }) => {
    await openTask(page, `ended-bare-${status}`)
    await link(page, 'ended.png').click()
    const fresh = page.getByRole('button', { name: 'Get a new link' })
    await expect(fresh).toBeVisible()
    expect(context.pages()).toHaveLength(1)
    await fresh.click()
    await expect(fresh).toHaveCount(0)
    expect(await saved(page, 'ended.png')).toBe(sha(picture))
  })
}

test('a response that is no image is not saved, and the card says what it was', async ({
  page,
}) => {
  let downloads = 0
  page.on('download', () => downloads++)
  await openTask(page, 'wrong')
  for (const [kind, words] of WRONG) {
    await link(page, `${kind}.png`).click()
    await expect(card(page, `${kind}.png`).getByText(words)).toBeVisible()
  }
  expect(downloads).toBe(0)
  expect(await saved(page, 'fine.png')).toBe(sha(picture))
  expect(downloads).toBe(1)
})

test('the cards of five parallel downloads claim no more than is known', async ({ page }) => {
  await openTask(page, 'five')
  const names = ['five-0.png', 'five-1.png', 'five-2.png', 'five-3.png', 'five-4.png']
  for (const name of names) await link(page, name).click()
  for (const name of names) {
    await expect(card(page, name).getByText(/^Sent to your downloads as/)).toBeVisible()
  }
  await expect(page.getByText(/\bsaved\b(?! it| several)/i)).toHaveCount(0)
})

test('a download continues on other pages, is shown there, and warns before the tab closes', async ({
  page,
  host,
}) => {
  await openTask(page, 'gated')
  await link(page, 'gated.png').click()
  await expect(page.getByRole('progressbar', { name: 'Download of gated.png' })).toBeVisible()
  await page.getByRole('link', { name: 'Tasks' }).first().click()
  await expect(page.getByText('1 download in progress')).toBeVisible()
  const [dialog] = await Promise.all([
    page.waitForEvent('dialog'),
    page.close({ runBeforeUnload: true }),
  ])
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    fetch(`${host.url}/release/1`),
  ])
  expect(sha(await readFile(await download.path()))).toBe(sha(picture))
  await expect(page.getByText('1 download in progress')).toHaveCount(0)
  await page.goBack()
  await expect(card(page, 'gated.png').getByText(/^Sent to your downloads/)).toBeVisible()
})
