import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, keyReady, test } from './support/fixtures.ts'
import { addTasks, row, rows } from './support/list.ts'

/* Labels and notes: writing them, finding tasks by them, and keeping them. */

const labels = (page: Page) => page.getByRole('dialog', { name: /^Labels/ })
const label = (page: Page, name: string) => labels(page).getByRole('checkbox', { name })
const save = (page: Page) => labels(page).getByRole('button', { name: 'Save' }).click()

async function addThree(page: Page): Promise<void> {
  await addTasks(page, [
    'sentinel-processed~one',
    'sentinel-processed~two',
    'sentinel-failed~three',
  ])
  await expect(rows(page)).toHaveCount(3)
}

async function write(page: Page, name: string): Promise<void> {
  await labels(page).getByLabel('New label').fill(name)
  await page.keyboard.press('Enter')
  await expect(label(page, name)).toBeChecked()
}

test('a label and a note are written, found, filtered and kept', async ({ open }) => {
  const page = await open('/')
  await addThree(page)
  await row(page, '~one')
    .getByRole('button', { name: /^Actions for/ })
    .click()
  await page.getByRole('menuitem', { name: 'Labels and note' }).click()
  await write(page, 'Print')
  await labels(page).getByLabel('Note').fill('For the poster')
  await save(page)
  await expect(row(page, '~one')).toContainText('Print')
  await expect(row(page, '~one')).toContainText('For the poster')

  await page.getByLabel('Search the list').fill('poster')
  await expect(rows(page)).toHaveCount(1)
  await page.getByLabel('Search the list').fill('')
  await page.getByRole('button', { name: 'Label', exact: true }).click()
  await page.getByRole('menuitemradio', { name: 'Print' }).click()
  await expect(page).toHaveURL('/?label=Print')
  await expect(rows(page)).toHaveCount(1)
  await page.reload()
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Label: Print' })).toBeVisible()
})

test('what is typed is the label, and a note of another tab stays', async ({ open, context }) => {
  const page = await open('/tasks/sentinel-processed~two-tabs')
  const other = await context.newPage()
  await other.goto(page.url())
  const edit = (tab: Page) => tab.getByRole('button', { name: 'Edit labels and note' }).click()
  await edit(page)
  // Its code may still be loading.
  await expect(labels(page).getByLabel('New label')).toBeFocused()
  await page.keyboard.type('client')
  await page.keyboard.press('Enter')
  await expect(label(page, 'client')).toBeChecked()
  await edit(other)
  await labels(other).getByLabel('Note').fill('Written meanwhile')
  // A click that missed the dialog.
  await other.mouse.click(5, 5)
  await save(other)
  await expect(page.getByText('Written meanwhile')).toBeVisible()
  await save(page)
  await expect(page.getByText('client', { exact: true })).toBeVisible()
  await expect(other.getByText('client', { exact: true })).toBeVisible()
  await expect(page.getByText('Written meanwhile')).toBeVisible()
})

test('several tasks are labelled at once, by key too', async ({ open }) => {
  const page = await open('/')
  await addThree(page)
  await row(page, '~one').focus()
  await page.keyboard.press('l')
  // Text that was not added yet is not lost.
  await labels(page).getByLabel('New label').fill('web')
  await save(page)
  await row(page, '~two').getByRole('checkbox').check()
  await row(page, '~one').getByRole('checkbox').check()
  await page
    .getByRole('region', { name: 'Selection' })
    .getByRole('button', { name: 'Label' })
    .click()
  await expect(labels(page)).toContainText('Labels of 2 tasks')
  await expect(label(page, 'web')).toBeChecked({ indeterminate: true })
  await label(page, 'web').check()
  await write(page, 'client')
  await save(page)
  for (const id of ['~one', '~two']) {
    await expect(row(page, id)).toContainText('client')
    await expect(row(page, id)).toContainText('web')
  }
  await expect(row(page, '~three')).not.toContainText('client')

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Export list' }).click()
  const exported = await readFile(await (await download).path(), 'utf8')
  expect(exported).toContain('"labels":["client","web"]')
})

test('labels are changed on the page of a task', async ({ open }) => {
  const page = await open('/tasks/sentinel-processed~page')
  await page.getByRole('button', { name: 'Edit labels and note' }).click()
  await write(page, 'secret label')
  await labels(page).getByLabel('Note').fill('secret note')
  await save(page)
  const facts = page.getByRole('region', { name: 'Labels and note' })
  await expect(facts).toContainText('secret label')
  await expect(facts).toContainText('secret note')
  await page.reload()
  await expect(facts).toContainText('secret note')
})

test('a view is saved, found, renamed and removed', async ({ open }) => {
  const page = await open('/?status=failed')
  await addTasks(page, ['sentinel-processed~one', 'sentinel-failed~two'])
  await expect(rows(page)).toHaveCount(1)
  const views = page.getByRole('button', { name: 'Views' })
  const item = (name: string) => page.getByRole('menuitem', { name })
  await views.click()
  await item('Save this view').click()
  await expect(page.getByLabel('Name')).toHaveValue('Failed')
  await page.getByLabel('Name').fill('To look at')
  await page.keyboard.press('Enter')

  await page.goto('/')
  await expect(rows(page)).toHaveCount(2)
  await keyReady(page, 'Search')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('look')
  await page.getByRole('option', { name: 'To look at' }).click()
  await expect(page).toHaveURL('/?status=failed')
  await expect(rows(page)).toHaveCount(1)

  await views.click()
  await expect(page.getByRole('menuitemradio', { name: 'To look at' })).toBeChecked()
  await item('Edit views').click()
  await page.getByLabel('Name of Failed').fill('Again')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await views.click()
  await expect(page.getByRole('menuitemradio', { name: 'Again' })).toBeVisible()
  await item('Edit views').click()
  await page.getByRole('button', { name: 'Remove Again' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.reload()
  await expect(rows(page)).toHaveCount(1)
  await views.click()
  await expect(item('Save this view')).toBeVisible()
  await expect(page.getByRole('menuitemradio')).toHaveCount(0)
})
