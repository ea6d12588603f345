import { expect, type Locator, type Page } from '@playwright/test'

/** The parts of the list's page, by role and name. */
export const field = (page: Page): Locator => page.getByLabel('Task id or link')
export const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Tasks' })
/** Rows of tasks; the head is one as well, and left out. */
export const rows = (page: Page): Locator =>
  grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
export const row = (page: Page, text: string | RegExp): Locator =>
  rows(page).filter({ hasText: text })
export const tile = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: 'Summary' }).getByRole('link', { name })

/** Pastes into the field as a person does, looks it over and adds it. */
export async function addTasks(page: Page, ids: readonly string[]): Promise<void> {
  await field(page).fill(ids.join('\n'))
  await page.getByRole('button', { name: 'Watch', exact: true }).click()
  await page.getByRole('button', { name: /^Add \d[\d,]* tasks?$/ }).click()
}

/** What a browser does when a tab goes behind another or comes to the front. */
export const turn = (page: Page, visibility: 'visible' | 'hidden') =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, visibility)

/** What lies in the browser's storage. */
export const stored = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<{ version: number; record: { questions: number } }[]>((resolve) => {
        const opening = indexedDB.open('loupe')
        opening.onsuccess = () => {
          const all = opening.result.transaction('tasks').objectStore('tasks').getAll()
          all.onsuccess = () => {
            opening.result.close()
            resolve(all.result)
          }
        }
      }),
  )

/** Resolves when the answers about so many tasks are written; the page shows them a little earlier. */
export const written = (page: Page, count: number) =>
  expect
    .poll(async () => (await stored(page)).filter(({ record }) => record.questions > 0).length)
    .toBe(count)
