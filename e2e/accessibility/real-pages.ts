import type { Page } from '@playwright/test'
import { credits, expect } from '../support/fixtures.ts'

/** A page of the real program, before its server. */
interface RealPage {
  readonly name: string
  readonly path: string
  readonly keyGiven: boolean
  /** Resolves when what the page is about is there; opens it first, where it has to be opened. */
  readonly there: (page: Page) => Promise<void>
}

const heading = (name: string) => async (page: Page) =>
  expect(page.getByRole('heading', { name })).toBeVisible()

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
      expect(page.getByRole('button', { name: 'Use the sandbox key' })).toBeVisible(),
  },
  given('home', '/', async (page) => {
    await page.getByText('Ids that ask for each answer').click()
    await expect(page.getByRole('link', { name: 'sentinel-not-yours' })).toBeVisible()
  }),
  given('the credits', '/credits', heading('Ledger')),
  given('a running task', '/tasks/sentinel-enhancing', running),
  given('a done batch', '/tasks/sentinel-batch', async (page) => {
    await expect(credits(page).getByText('credits deducted')).toBeVisible()
    await expect(page.getByRole('link', { name: /^Download/ })).toHaveCount(6)
  }),
  given('an error', '/tasks/sentinel-error-404', heading('No such task for this key')),
  {
    name: 'no snapshot',
    path: '/snapshot',
    keyGiven: false,
    there: heading('There is no snapshot in this link'),
  },
  given('no such page', '/no/such/page', heading('There is no page at this address')),
  given('no task id', '/tasks/two%20words', heading('This address holds no task id')),
  given('the workbench', '/gallery', async (page) => {
    const state = page.frameLocator('iframe').locator('html')
    await expect(state).toHaveAttribute('data-stage', 'ready')
  }),
  given('no such state', '/gallery/nonsense', heading('The gallery has no such state')),
  given(
    'the allowance',
    '/tasks/sentinel-enhancing',
    dialog(/left this hour/, 'Questions to Upscayl'),
  ),
  given('the shortcuts', '/tasks/sentinel-enhancing', async (page) => {
    await running(page)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  }),
]

/** A desk and a phone. */
export const WIDTHS = [1280, 390] as const
