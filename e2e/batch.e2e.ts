import { credits, expect, test } from './support/fixtures.ts'
import { row } from './support/list.ts'
import { zipOf } from './support/unzip.ts'

/* A batch of images: while they finish one by one, and with some that failed. */

const FAILED = 'sentinel-batch-partly-failed'

test('of a batch, failed images are named, not charged and not downloaded', async ({ open }) => {
  const page = await open(`/tasks/${FAILED}`)
  await expect(page.getByRole('region', { name: 'Status' })).toContainText(
    '4 of 6 images done. 2 failed: lake.png, aurora.png. Failed images aren’t charged.',
  )
  await expect(credits(page)).toContainText('40 credits deducted')
  const failed = page
    .getByRole('region', { name: 'Files' })
    .getByRole('listitem')
    .filter({ hasText: 'Failed' })
  await expect(failed.getByRole('heading')).toHaveText(['lake.png', 'aurora.png'])
  await expect(failed.getByRole('link')).toHaveCount(0)
  await expect(failed.getByRole('button')).toHaveCount(0)
  await expect(page.getByText('Up to date')).toBeVisible()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download all · 4 files' }).click(),
  ])
  expect((await zipOf(download)).size).toBe(4)

  await page.getByRole('button', { name: 'Select' }).click()
  await expect(page.getByRole('checkbox', { name: /^Select/ })).toHaveCount(4)

  await page.goto('/')
  await expect(row(page, FAILED)).toContainText('Done · 2 failed')
})

test('of a running batch, the finished images are shown, and that more will come', async ({
  open,
}) => {
  const page = await open('/tasks/sentinel-batch-running')
  const files = page.getByRole('region', { name: 'Files' })
  await expect(files).toContainText('2 files so far')
  await expect(files.getByRole('listitem')).toHaveCount(2)
  await expect(files.getByText('Available when done')).toHaveCount(2)
  await expect(files).toContainText('More images appear here as they finish.')
  await expect(page.getByRole('button', { name: /^Download all|^Get a new link/ })).toHaveCount(0)
})
