import type { Page } from '@playwright/test'
import { expect, test } from './support/fixtures.ts'

/* A section that fails to render does not affect the others. */

declare global {
  interface Window {
    /** Number of times that the section still fails. */
    faults: number
  }
}

/** Rendering the section with that heading throws `faults` times. */
const breakPart = (page: Page, heading: string, faults: number) =>
  page.addInitScript(
    ([text, times]) => {
      window.faults = times
      const { appendChild } = Node.prototype
      Node.prototype.appendChild = function append<T extends Node>(this: Node, child: T): T {
        if (child.textContent === text && child.nodeName === 'H2' && window.faults-- > 0) {
          throw new Error('broken by the test')
        }
        return Reflect.apply(appendChild, this, [child])
      }
    },
    [heading, faults] as const,
  )

const failed = (page: Page) => page.getByText('This section couldn’t be displayed.')

for (const [heading, other, sample] of [
  ['Credits', 'Status', 'processed'],
  ['Status', 'Credits', 'processed'],
  ['Files', 'Credits', 'batch'],
] as const) {
  test(`${heading} fails to render: the rest works, and Retry brings it back`, async ({
    open,
    page,
  }) => {
    await breakPart(page, heading, Number.MAX_SAFE_INTEGER)
    await open(`/tasks/sentinel-${sample}~broken-${heading}`)
    await expect(failed(page)).toHaveCount(1)
    await expect(page.getByRole('region', { name: other })).toBeVisible()
    await expect(page.getByRole('region', { name: heading })).toHaveCount(0)
    await page.evaluate(() => {
      window.faults = 0
    })
    await page.getByRole('button', { name: 'Retry' }).click()
    await expect(page.getByRole('region', { name: heading })).toBeVisible()
    await expect(failed(page)).toHaveCount(0)
  })
}

test('a section that fails once is rendered again automatically', async ({ open, page }) => {
  // React retries a failed render once before it gives up.
  await breakPart(page, 'Credits', 2)
  await open('/tasks/sentinel-processed~broken-once')
  await expect(page.getByRole('region', { name: 'Credits' })).toBeVisible()
  await expect(failed(page)).toHaveCount(0)
})
