import type { Page } from '@playwright/test'
import type { TaskFile } from '../core/api/task.ts'
import { encodeSnapshot } from '../src/sharing/create-snapshot.ts'
import { ALL, snapshotOf } from '../src/sharing/testing.ts'
import { recordAfter } from '../src/tasks/testing-list.ts'
import { card, openTask, test } from './support/file-fixtures.ts'
import { expect } from './support/fixtures.ts'

/* Links to files on other hosts: their expiry, how often they are requested, and by whose action. */

const download = (page: Page, name: string) => page.getByRole('link', { name: `Download ${name}` })

for (const [id, name] of [
  ['public-page', 'public.png'],
  ['past-when-given', 'past.png'],
] as const) {
  test(`${id}: a stated date in the past does not hide a valid link`, async ({ page }) => {
    await openTask(page, id)
    await expect(card(page, name).getByText('expiry not known')).toBeVisible()
    await expect(page.getByText('File expired')).toHaveCount(0)
    const [saved] = await Promise.all([page.waitForEvent('download'), download(page, name).click()])
    expect(await saved.failure()).toBeNull()
  })
}

test('the expiry in a signed link overrides the stated date', async ({ page }) => {
  await openTask(page, 'signed-for-longer')
  await expect(card(page, 'signed.png').getByText('Expires in 2 days')).toBeVisible()
  await expect(download(page, 'signed.png')).toBeVisible()
})

test('an image is loaded once, however often its link is re-signed', async ({ page, host }) => {
  await page.clock.install()
  const before = host.asked.length
  const since = (path: string) =>
    host.asked.slice(before).filter((requested) => requested.startsWith(path)).length
  await openTask(page, 'signed')
  await page.getByRole('button', { name: 'Preview signed.png' }).click()
  const viewer = page.getByRole('dialog', { name: 'signed.png' })
  await expect(viewer.getByText('1 of 2 · 64 × 48 px')).toBeVisible()
  const loaded = [since('/picture/1'), since('/picture/2')]
  for (const [n, wait] of [5000, 20_000, 60_000].entries()) {
    // No further: the page times out a slow response by its own clock.
    await page.clock.runFor(wait + 1000)
    await expect(page.locator(`a[href$="Signature=${n + 1}"][download^="signed"]`)).toHaveCount(1)
  }
  await expect(viewer.getByText('1 of 2 · 64 × 48 px')).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('dialog', { name: 'other.png' })).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(viewer.getByText('1 of 2 · 64 × 48 px')).toBeVisible()
  expect([since('/picture/1'), since('/picture/2')]).toEqual(loaded)
  // Downloads use the newest link.
  await page.keyboard.press('Escape')
  await expect(download(page, 'signed.png')).toHaveAttribute('href', /Signature=3$/)
})

/** A manually crafted snapshot, with files on any host. */
async function forged(urls: Partial<TaskFile>): Promise<string> {
  const record = recordAfter(['enhancing', 'processed'])
  const task = record.task && {
    ...record.task,
    files: record.task.files.map((file) => ({ ...file, ...urls })),
  }
  return encodeSnapshot(snapshotOf([{ ...record, task }], ALL), null)
}

for (const kind of ['both', 'thumbnail', 'link'] as const) {
  test(`a snapshot sends no request to foreign hosts before a click: ${kind}`, async ({
    page,
    host,
  }) => {
    const before = host.asked.length
    const packed = await forged({
      downloadUrl: kind === 'thumbnail' ? null : `${host.url}/picture/1`,
      thumbnailUrl: kind === 'link' ? null : `${host.url}/picture/2`,
    })
    await page.goto(`/snapshot#${packed}`)
    await expect(page.getByRole('heading', { name: 'dunes.png', level: 1 })).toBeVisible()
    await expect(page.getByText('Its content isn’t verified.')).toBeVisible()
    await expect(page.getByText('As stated in the link, not verified.')).toBeVisible()
    await expect(page.getByText('Confirmed by Upscayl.')).toHaveCount(0)
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
