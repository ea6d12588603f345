import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { test as base, expect, giveKey } from './fixtures.ts'

/* For tests of files on another origin. */

export const test = base.extend({
  baseURL: async ({ filesServer }, use) => use(filesServer.url),
})

export async function openTask(page: Page, id: string): Promise<void> {
  await giveKey(page, 'a-key-of-nobody-1234567890')
  await page.goto(`/tasks/${id}`)
  await expect(page.getByRole('heading', { name: 'Files' })).toBeVisible()
}

export const card = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) })

export const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
