import type { Page } from '@playwright/test'
import { credits, expect, openShortcuts } from '../support/fixtures.ts'

/** A page of the real app, served by its server. */
interface RealPage {
  readonly name: string
  readonly path: string
  readonly keyGiven: boolean
  /** Opens the main content if necessary; resolves when it is visible. */
  readonly there: (page: Page) => Promise<void>
}

const heading = (name: string) => async (page: Page) =>
  expect(page.getByRole('heading', { name }).first()).toBeVisible()

const running = async (page: Page) =>
  expect(page.getByRole('progressbar', { name: 'Progress', exact: true })).toBeVisible()

const dialog = (button: string | RegExp, name: string) => async (page: Page) => {
  await running(page)
  await page.getByRole('button', { name: button }).click()
  await expect(page.getByRole('dialog', { name })).toBeVisible()
}

const given = (name: string, path: string, there: (page: Page) => Promise<void>): RealPage => ({
  name,
  path,
  keyGiven: true,
  there,
})

export const PAGES: readonly RealPage[] = [
  {
    name: 'the key screen',
    path: '/',
    keyGiven: false,
    there: async (page) =>
      expect(page.getByRole('button', { name: 'Open the sandbox' })).toBeVisible(),
  },
  given('home', '/', async (page) => expect(page.getByRole('heading', { level: 1 })).toBeVisible()),
  given('the sandbox', '/sandbox', async (page) =>
    expect(page.getByRole('link', { name: 'sentinel-not-yours' })).toBeVisible(),
  ),
  given('the credits', '/credits', heading('Charged in total')),
  given('a running task', '/tasks/sentinel-enhancing', running),
  given('a done batch', '/tasks/sentinel-batch', async (page) => {
    await expect(credits(page).getByText('credits deducted')).toBeVisible()
    await expect(page.getByRole('link', { name: /^Download/ })).toHaveCount(6)
  }),
  given('an error', '/tasks/sentinel-error-404', heading('Task not found')),
  {
    name: 'no snapshot',
    path: '/snapshot',
    keyGiven: false,
    there: heading('No snapshot in this link'),
  },
  given('no such page', '/no/such/page', heading('Page not found')),
  given('no task ID', '/tasks/two%20words', heading('Not a valid task ID')),
  given('the workbench', '/gallery', async (page) => {
    const state = page.frameLocator('iframe').locator('html')
    await expect(state).toHaveAttribute('data-stage', 'ready')
  }),
  given('no such state', '/gallery/nonsense', heading('No such state')),
  given('the quota', '/tasks/sentinel-enhancing', dialog(/of 100 checks left/, 'Status checks')),
  given('the shortcuts', '/tasks/sentinel-enhancing', async (page) => {
    await running(page)
    await openShortcuts(page)
  }),
]

/** Desktop and phone. */
export const WIDTHS = [1280, 390] as const
