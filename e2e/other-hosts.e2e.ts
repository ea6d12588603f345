import type { Page } from '@playwright/test'
import { packSnapshot } from '../src/snapshot/pack.ts'
import { ALL, snapshotOf } from '../src/snapshot/testing.ts'
import type { TaskFile } from '../src/upscayl/task.ts'
import { recordAfter } from '../src/watchlist/testing.ts'
import { card, openTask, test } from './support/file-fixtures.ts'
import { expect } from './support/fixtures.ts'

/* Links to files on other hosts: how long they live, how often they are followed, and by whose wish. */

const download = (page: Page, name: string) => page.getByRole('link', { name: `Download ${name}` })

for (const [id, name] of [
  ['public-page', 'public.png'],
  ['past-when-given', 'past.png'],
] as const) {
  test(`${id}: a date that is stated beside a living link hides it from nobody`, async ({
    page,
  }) => {
    await openTask(page, id)
    await expect(card(page, name).getByText('expiry not known')).toBeVisible()
    await expect(page.getByText('File is gone')).toHaveCount(0)
    const [saved] = await Promise.all([page.waitForEvent('download'), download(page, name).click()])
    expect(await saved.failure()).toBeNull()
  })
}

test('the end that a signed link carries counts, and not the date beside it', async ({ page }) => {
  await openTask(page, 'signed-for-longer')
  await expect(card(page, 'signed.png').getByText('Expires in 2 days')).toBeVisible()
  await expect(download(page, 'signed.png')).toBeVisible()
})

test('a picture is loaded once, however often its link is signed anew', async ({ page, host }) => {
  await page.clock.install()
  const before = host.asked.length
  const since = (path: string) =>
    host.asked.slice(before).filter((asked) => asked.startsWith(path)).length
  await openTask(page, 'signed')
  await page.getByRole('button', { name: 'Preview signed.png' }).click()
  const viewer = page.getByRole('dialog', { name: 'signed.png' })
  await expect(viewer.getByText('1 of 2 · 64 × 48 px')).toBeVisible()
  const loaded = [since('/picture/1'), since('/picture/2')]
  for (const [n, wait] of [5000, 20_000, 60_000].entries()) {
    // No further: the page gives up an answer that takes too long by its own clock.
    await page.clock.runFor(wait + 1000)
    await expect(page.locator(`a[href$="Signature=${n + 1}"][download^="signed"]`)).toHaveCount(1)
  }
  await expect(viewer.getByText('1 of 2 · 64 × 48 px')).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('dialog', { name: 'other.png' })).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(viewer.getByText('1 of 2 · 64 × 48 px')).toBeVisible()
  expect([since('/picture/1'), since('/picture/2')]).toEqual(loaded)
  // What is saved comes by the newest link.
  await page.keyboard.press('Escape')
  await expect(download(page, 'signed.png')).toHaveAttribute('href', /Signature=3$/)
})

/** A snapshot that somebody made by hand, with files wherever they like. */
async function forged(urls: Partial<TaskFile>): Promise<string> {
  const record = recordAfter(['enhancing', 'processed'])
  const task = record.task && {
    ...record.task,
    files: record.task.files.map((file) => ({ ...file, ...urls })),
  }
  return packSnapshot(snapshotOf([{ ...record, task }], ALL), null)
}

for (const kind of ['both', 'thumbnail', 'link'] as const) {
  test(`a snapshot asks no host of its maker's choice before a click: ${kind}`, async ({
    page,
    host,
  }) => {
    const before = host.asked.length
    const packed = await forged({
      downloadUrl: kind === 'thumbnail' ? null : `${host.url}/picture/1`,
      thumbnailUrl: kind === 'link' ? null : `${host.url}/picture/2`,
    })
    await page.goto(`/snapshot#${packed}`)
    await expect(page.getByRole('heading', { name: 'dunes.png' })).toBeVisible()
    await expect(page.getByText('Its content is not verified.')).toBeVisible()
    await expect(page.getByText('As stated in the link, not verified.')).toBeVisible()
    await expect(page.getByText('The API confirmed the deduction.')).toHaveCount(0)
    const load = page.getByRole('button', { name: 'Load images' })
    await expect(load).toBeVisible()
    await expect(page.getByText(new RegExp(new URL(host.url).host)).first()).toBeVisible()
    await page.waitForLoadState('networkidle')
    expect(host.asked.slice(before)).toEqual([])
    await load.click()
    await expect(load).toHaveCount(0)
    if (kind === 'thumbnail') return
    await page.getByRole('button', { name: 'Preview dunes.png' }).click()
    await expect(page.getByText('1 of 1 · 64 × 48 px')).toBeVisible()
    expect(host.asked.slice(before)).toContain('/picture/1')
  })
}
