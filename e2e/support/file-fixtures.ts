import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { test as base, expect, giveKey } from './fixtures.ts'

/* Fixtures for tests of files on another origin. */

export const test = base.extend({
  baseURL: async ({ filesServer }, use) => use(filesServer.url),
})

export async function openTask(page: Page, id: string): Promise<void> {
  await giveKey(page, 'a-key-of-nobody-1234567890')
  await page.goto(`/tasks/${id}`)
  await expect(page.getByRole('heading', { name: 'Files', exact: true })).toBeVisible()
}

/** The card of a file, or what stands beside the image of an only file. */
export const card = (page: Page, name: string) =>
  page
    .getByRole('listitem')
    .or(page.getByRole('region', { name: 'File', exact: true }))
    .filter({ has: page.getByRole('heading', { name }) })

/** An action in the menu beside Download. */
export async function downloadMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'More ways to download' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

export const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
