import { expect, type Locator, type Page } from '@playwright/test'

/** Parts of the task list page, by role and name. */
export const addButton = (page: Page): Locator => page.getByRole('button', { name: 'Add by ID' })
export const addDialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Add by ID' })
/** The field of the dialog. */
export const field = (page: Page): Locator => page.getByLabel('Task IDs or links')
export const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Tasks' })
/** Task rows, without the header row. */
export const rows = (page: Page): Locator =>
  grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
/** The row of a task, by part of its ID, or by what it says. */
export const row = (page: Page, id: string | RegExp): Locator =>
  typeof id === 'string'
    ? rows(page).filter({ has: page.locator(`a[href*="${id}"]`) })
    : rows(page).filter({ hasText: id })
/** One of the filters, as "Done 3". */
export const chip = (page: Page, name: string): Locator =>
  page.getByRole('group', { name: 'Filter' }).getByRole('button', { name, exact: true })
/** The last message at the edge of the page. */
export const toast = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('status').filter({ hasText: text })

/** Opens the dialog. */
export async function openAdd(page: Page): Promise<void> {
  await addButton(page).click()
  await field(page).waitFor()
}

/** Pastes IDs into the dialog, then confirms what it found. A single one would be opened. */
export async function addTasks(page: Page, ids: readonly string[]): Promise<void> {
  await openAdd(page)
  await field(page).fill(ids.join('\n'))
  await page.getByRole('button', { name: /^Add \d[\d,]* tasks?$/ }).click()
}

/** Does what a browser does when a tab is hidden or becomes visible. */
export const turn = (page: Page, visibility: 'visible' | 'hidden') =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, visibility)

/** Content of the task store in IndexedDB. */
export const stored = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<{ version: number; record: { requestCount: number } }[]>((resolve) => {
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

/** Resolves when the responses for `count` tasks are stored; the page shows them slightly earlier. */
export const written = (page: Page, count: number) =>
  expect
    .poll(async () => (await stored(page)).filter(({ record }) => record.requestCount > 0).length)
    .toBe(count)
