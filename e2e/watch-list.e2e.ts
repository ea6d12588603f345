import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { MINUTE } from '../core/lib/units.ts'
import { expect, giveKey, nextCheck, test } from './support/fixtures.ts'
import {
  addDialog,
  addTasks,
  chip,
  field,
  grid,
  openAdd,
  row,
  rows,
  stored,
  toast,
  written,
} from './support/list.ts'
import { zipOf } from './support/unzip.ts'

/* The task list: adding, browsing, selecting, and credits. Sentinels respond immediately. */

test('mixed input is previewed before it is added, and invalid lines are kept', async ({
  open,
  sandbox,
}) => {
  const page = await open('/')
  const before = (await sandbox.state()).requestsByTask['sentinel-processed~mix1'] ?? 0
  await openAdd(page)
  await field(page).fill(
    [
      'Please look at these, thank you:',
      'https://loupe.example/tasks/sentinel-processed~mix1?from=mail',
      'task id;name',
      'sentinel-failed~mix2;holiday.png',
      '["sentinel-enhancing~mix3", "sentinel-processed~mix1"]',
    ].join('\n'),
  )
  const dialog = addDialog(page)
  await expect(dialog.getByRole('group', { name: 'New' })).toHaveText(
    'sentinel-processed~mix1\nsentinel-failed~mix2\nsentinel-enhancing~mix3',
  )
  await expect(dialog).toContainText('3 tasks to add · 1 duplicate skipped')
  await expect(dialog.getByRole('group', { name: '2 lines aren’t task IDs' })).toHaveText(
    'Please look at these, thank you:\ntask id;name',
  )
  await expect(dialog).toContainText('Nothing is checked until you add them')
  expect((await sandbox.state()).requestsByTask['sentinel-processed~mix1'] ?? 0).toBe(before)
  await dialog.getByRole('button', { name: 'Add 3 tasks' }).click()

  await expect(field(page)).toHaveValue(/Please look at these/)
  await expect(dialog.getByRole('alert')).toContainText('2 lines couldn’t be read. Fix or delete')
  await page.keyboard.press('Escape')
  await expect(rows(page)).toHaveCount(3)
  await expect(row(page, 'mix1')).toContainText('Done')
  await expect(row(page, 'mix2')).toContainText('Failed')
  await expect(row(page, 'mix3')).toContainText('Enhancing')

  // The same again: no duplicates.
  await openAdd(page)
  await field(page).fill('sentinel-processed~mix1\nsentinel-failed~mix2\nsentinel-failed~mix4')
  await expect(dialog.getByRole('group', { name: 'Already in your list' })).toHaveText(
    'sentinel-processed~mix1\nsentinel-failed~mix2',
  )
  await expect(dialog.getByRole('button', { name: 'Add 1 task' })).toBeVisible()
  await field(page).fill('sentinel-processed~mix1\nsentinel-failed~mix2')
  await expect(dialog).toContainText('These are already in your list')
  await page.reload()
  await expect(rows(page)).toHaveCount(3)
})

test('ids pasted on the page open the dialog with all of them', async ({ open }) => {
  const page = await open('/')
  const ids = Array.from({ length: 40 }, (_, n) => `sentinel-processed~all${n}`)
  const paste = (text: string) =>
    page.locator('h1').evaluate((element, pasted) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', pasted)
      const options = { bubbles: true, cancelable: true, clipboardData }
      return element.dispatchEvent(new ClipboardEvent('paste', options))
    }, text)
  // Text without an ID is none of the page's business.
  expect(await paste('two words')).toBe(true)
  expect(await paste(ids.join(', '))).toBe(false)
  await expect(addDialog(page).getByRole('group', { name: 'New' })).toHaveText(ids.join('\n'))
  await addDialog(page).getByRole('button', { name: 'Add 40 tasks' }).click()
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '41')
  await expect(toast(page, '40 tasks added')).toBeVisible()
})

test('a file is dropped onto the page', async ({ open }) => {
  const page = await open('/')
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    const text = 'id,note\r\nsentinel-processed~drop1,"one, two"\r\nsentinel-processed~drop2,\r\n'
    transfer.items.add(new File([text], 'tasks.csv', { type: 'text/csv' }))
    return transfer
  })
  await page.locator('h1').dispatchEvent('dragover', { dataTransfer: data })
  await page.locator('h1').dispatchEvent('drop', { dataTransfer: data })
  await page.getByRole('button', { name: 'Add 2 tasks' }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('sorting, filters and search are stored in the URL', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, [
    'sentinel-processed~v1',
    'sentinel-batch~v2',
    'sentinel-failed~v3',
    'sentinel-enhancing~v4',
    'sentinel-expiring~v5',
  ])
  await expect(row(page, 'v4')).toContainText('64%')
  await expect(row(page, 'v5')).toContainText(/\d:\d\d/)

  await grid(page).getByRole('button', { name: 'Credits' }).click()
  await expect(page).toHaveURL(/sort=credits/)
  await expect(grid(page).getByRole('columnheader', { name: 'Credits' })).toHaveAttribute(
    'aria-sort',
    'descending',
  )
  await expect(rows(page).first()).toContainText('Nature Boost')
  await grid(page).getByRole('button', { name: 'Credits' }).click()
  await expect(page).toHaveURL(/order=asc/)

  // A third click: as they were added.
  await grid(page).getByRole('button', { name: 'Credits' }).click()
  await expect(page).not.toHaveURL(/sort=/)
  await expect(rows(page).first()).toContainText('Done')

  await chip(page, 'Done 3').click()
  await expect(rows(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'Model' }).click()
  await page.getByRole('menuitemradio', { name: 'Nature Boost' }).click()
  await expect(rows(page)).toHaveCount(1)
  await page.reload()
  await expect(rows(page)).toHaveCount(1)
  await expect(row(page, 'v2')).toBeVisible()
  await page.getByRole('button', { name: 'Model: Nature Boost' }).click()
  await page.getByRole('menuitemradio', { name: 'Any model' }).click()
  await chip(page, 'All 5').click()
  await expect(rows(page)).toHaveCount(5)

  await chip(page, 'Expiring 1').click()
  await expect(page).toHaveURL(/within=24h/)
  await expect(rows(page)).toHaveCount(1)
  await expect(row(page, 'v5')).toBeVisible()
  await chip(page, 'All 5').click()
  // At once after the chip, and faster than the list is drawn.
  await page.getByLabel('Search the list').pressSequentially('HARBOUR')
  await expect(page).toHaveURL(/search=HARBOUR/)
  // Also by a name that is not the first of its task.
  await expect(rows(page)).toHaveCount(2)
  await page.getByLabel('Search the list').fill('no such thing')
  await expect(page.getByText('No tasks match.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(rows(page)).toHaveCount(5)
})

test('the chips show counts, and each is a filter', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, [
    'sentinel-processed~s1',
    'sentinel-failed~s2',
    'sentinel-enhancing~s3',
    'sentinel-expiring~s4',
    'sentinel-error-404~s5',
  ])
  await expect(chip(page, 'All 5')).toBeVisible()
  await expect(chip(page, 'Running 1')).toBeVisible()
  await expect(chip(page, 'Done 2')).toBeVisible()
  await expect(chip(page, 'Failed 1')).toBeVisible()
  // An unknown ID has not failed.
  await expect(chip(page, 'Not found 1')).toBeVisible()
  await expect(chip(page, 'Expiring 1')).toBeVisible()
  await chip(page, 'Failed 1').click()
  await expect(rows(page)).toHaveCount(1)
  await expect(page).toHaveURL(/status=failed/)
  await expect(chip(page, 'Failed 1')).toHaveAttribute('aria-pressed', 'true')
  await chip(page, 'Failed 1').click()
  await expect(rows(page)).toHaveCount(5)
  await expect(page.getByText('20 credits in 14 days')).toBeVisible()

  // The chart, as an image and as a table.
  await page.getByRole('link', { name: 'See credits' }).click()
  const chart = page.getByRole('region', { name: /Credits by day/ })
  await expect(chart).toContainText('20 credits')
  await chart.getByText('Table', { exact: true }).click()
  await expect(chart.getByRole('table')).toContainText('Upscayl Standard')
})

test('the first row is in the upper part of the screen', async ({ open, page }) => {
  await open('/')
  await addTasks(page, ['sentinel-processed~p1', 'sentinel-error-404~p2'])
  const top = async () => (await rows(page).first().boundingBox())?.y
  await expect(row(page, 'p2')).toContainText('Not found')
  expect(await top()).toBeLessThanOrEqual(240)
  await page.setViewportSize({ width: 390, height: 844 })
  await expect.poll(top).toBeLessThanOrEqual(260)
})

test('head and rows have their checkboxes below each other', async ({ open, page }) => {
  await open('/')
  await addTasks(page, ['sentinel-processed~b1', 'sentinel-failed~b2'])
  await expect(rows(page)).toHaveCount(2)
  const boxes = await grid(page).getByRole('checkbox').all()
  const lefts = await Promise.all(boxes.map(async (box) => (await box.boundingBox())?.x))
  expect(lefts).toHaveLength(3)
  expect(new Set(lefts).size).toBe(1)
})

test('as images: the choice stays, and running ones show their progress', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, ['sentinel-processed~i1', 'sentinel-enhancing~i2'])
  await page.getByRole('button', { name: 'Show as images' }).click()
  const images = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')
  await expect(images).toHaveCount(2)
  await expect(images.filter({ hasText: 'Enhancing 64%' })).toBeVisible()
  await page.reload()
  await expect(images).toHaveCount(2)
  await images.first().getByRole('checkbox').click()
  await expect(page.getByText('1 selected')).toBeVisible()
  await page.getByRole('button', { name: 'Clear selection' }).click()
  await page.getByRole('button', { name: 'Show as a table' }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('the menu of a row', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, ['sentinel-processed~m1', 'sentinel-enhancing~m2'])
  await expect(row(page, 'm1')).toContainText('Done')
  const choose = async (id: string, item: string) => {
    await row(page, id)
      .getByRole('button', { name: /^Actions for/ })
      .click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await choose('m1', 'Select')
  await expect(page.getByText('1 selected')).toBeVisible()
  await page.getByRole('button', { name: 'Clear selection' }).click()
  await choose('m1', 'Run again…')
  await expect(page.getByRole('heading', { name: 'New task' })).toBeVisible()
  await page.goBack()
  await choose('m2', 'Remove from list')
  await expect(rows(page)).toHaveCount(1)
  await toast(page, '1 task removed').getByRole('button', { name: 'Undo' }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('removed tasks stay in the credits', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, ['sentinel-processed~r1', 'sentinel-batch~r2'])
  // A day under the pointer would be shown alone.
  await page.mouse.move(0, 0)
  const spent = page.getByText('70 credits in 14 days')
  await expect(spent).toBeVisible()
  await row(page, 'r2').focus()
  await page.keyboard.press('Delete')
  await expect(rows(page)).toHaveCount(1)
  await expect(spent).toBeVisible()
  await page.getByRole('link', { name: 'See credits' }).press('Enter')
  await expect(page.getByRole('region', { name: /Credits by day/ })).toContainText('70 credits')
  await page.reload()
  await expect(page.getByRole('region', { name: /Credits by day/ })).toContainText('70 credits')
})

test('without a response a row says how old its number is', async ({ open, page }) => {
  await page.clock.install()
  await open('/')
  await addTasks(page, ['sentinel-enhancing~o1', 'sentinel-processed~o2'])
  await expect(row(page, 'o1')).toContainText('Enhancing 64%')
  await page.route('**/api/get-task-status*', (route) => route.abort())
  await page.clock.fastForward(3 * MINUTE)
  await expect(row(page, 'o1')).toContainText(/as of \d min ago/)
  await expect(row(page, 'o1')).not.toContainText('just now')
})

/** The task whose row has the focus. */
const focused = (page: Page) => page.locator('[role=row]:focus a')

test('by keyboard: moving, selecting, removing, undoing, opening', async ({ open }) => {
  const page = await open('/')
  await addTasks(
    page,
    Array.from({ length: 40 }, (_, n) => `sentinel-processed~k${String(n).padStart(2, '0')}`),
  )
  await expect(page.getByText('40 tasks added')).toBeVisible()
  await grid(page).getByRole('checkbox', { name: 'Select all' }).focus()
  for (let n = 0; n < 20; n++) {
    await page.keyboard.press('Tab')
    if ((await page.locator(':focus').getAttribute('data-index')) !== null) break
  }
  await expect(focused(page)).toHaveAttribute('href', /k00/)
  await page.keyboard.press('ArrowDown')
  await expect(focused(page)).toHaveAttribute('href', /k01/)
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByText('3 selected')).toBeVisible()
  await page.keyboard.press('End')
  await expect(focused(page)).toHaveAttribute('href', /k39/)
  await page.keyboard.press(' ')
  await expect(page.getByText('4 selected')).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '37')
  await toast(page, '4 tasks removed').getByRole('button', { name: 'Undo' }).click()
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '41')
  // Removals in a row have one Undo, however many they are.
  await rows(page).first().focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  for (let left = 40; left > 35; left--) {
    await expect(focused(page)).toHaveAttribute('href', new RegExp(`k0${40 - left}`))
    await page.keyboard.press('Delete')
    await expect(grid(page)).toHaveAttribute('aria-rowcount', `${left}`)
  }
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(1)
  await toast(page, '5 tasks removed').getByRole('button', { name: 'Undo' }).click()
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '41')
  // The page shows the undo slightly before it is stored.
  await expect.poll(async () => (await stored(page)).length).toBe(40)
  await page.reload()
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '41')

  await rows(page).first().focus()
  await page.keyboard.press('Control+a')
  await expect(page.getByText('40 selected')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('40 selected')).toBeHidden()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/tasks\/sentinel-processed~k00$/)
})

test('a settled task is checked again only on demand', async ({ open, sandbox }) => {
  const page = await open('/')
  await addTasks(page, ['sentinel-processed~c1', 'sentinel-failed~c2'])
  await expect(row(page, 'c1')).toContainText('Done')
  await expect(row(page, 'c2')).toContainText('Failed')
  await written(page, 2)
  await page.reload()
  await expect(row(page, 'c1')).toContainText('Done')
  const requests = async () => {
    const { requestsByTask } = await sandbox.state()
    return [requestsByTask['sentinel-processed~c1'], requestsByTask['sentinel-failed~c2']]
  }
  expect(await requests()).toEqual([1, 1])
  await row(page, 'c1').getByRole('checkbox').click()
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect.poll(requests).toEqual([2, 1])
})

const downloadSelected = (page: Page) =>
  page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Download' }).click()

test('files of several tasks are saved at once; links that are not stored are requested', async ({
  open,
  sandbox,
}) => {
  const ids = [await sandbox.start('done'), await sandbox.start('expiring')]
  const page = await open('/')
  await addTasks(page, ids)
  await expect(chip(page, 'Done 2')).toBeVisible()
  // The links are lost with the page.
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  await grid(page).getByRole('checkbox', { name: 'Select all' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), downloadSelected(page)])
  const files = await zipOf(download)
  expect([...files.keys()].sort()).toEqual([
    'dunes-first-light-natural-plus-4x.jpg',
    'lake-crossing-clear-boost-3x.webp',
  ])
  expect([...files.values()].every(({ length }) => length > 10_000)).toBe(true)
  await expect(page.getByText(/^2 files downloaded/)).toBeVisible()
})

test('a task without links is reported, not silently left out', async ({ open, sandbox }) => {
  const page = await open('/')
  await addTasks(page, [await sandbox.start('done'), 'sentinel-no-links~s1'])
  await expect(chip(page, 'Done 2')).toBeVisible()
  await grid(page).getByRole('checkbox', { name: 'Select all' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), downloadSelected(page)])
  const files = await zipOf(download)
  expect([...files.keys()]).toEqual(['dunes-first-light-natural-plus-4x.jpg', 'Missing files.txt'])
  const missing = page.getByRole('status').filter({ hasText: '1 missing' }).getByRole('listitem')
  await expect(missing).toHaveText(/No download link/)
  expect(files.get('Missing files.txt')?.toString()).toContain(await missing.innerText())
})

test('a list in a link: only IDs, previewed before any request', async ({
  open,
  browser,
  server,
  sandbox,
}) => {
  const page = await open('/')
  await addTasks(page, ['sentinel-processed~l1', 'sentinel-failed~l2'])
  await expect(row(page, 'l2')).toContainText('Failed')
  await page.getByRole('button', { name: 'Share list' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share 2 tasks' })
  await dialog.getByRole('radio', { name: 'Private link' }).check({ force: true })
  const link = await dialog.getByRole('textbox', { name: 'Private link' }).inputValue()
  expect(link).toBe(`${server.url}/#tasks=sentinel-processed~l1,sentinel-failed~l2`)

  const receiver = await (await browser.newContext()).newPage()
  await giveKey(receiver, (await sandbox.state()).key)
  const requests: string[] = []
  receiver.on('request', (request) => {
    if (request.url().includes('get-task-status')) requests.push(request.url())
  })
  await receiver.goto(link)
  const review = receiver.getByRole('region', { name: 'This link lists 2 tasks' })
  await expect(review).toContainText('sentinel-failed~l2')
  expect(requests).toEqual([])
  await review.getByRole('button', { name: 'Add 2 tasks' }).click()
  await expect(row(receiver, 'l1')).toContainText('Done')
  await expect(receiver).toHaveURL(`${server.url}/`)
  await receiver.context().close()
})

/** Text of the file that an item of the menu saves. */
async function exported(page: Page, item: string): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ])
  return readFile(await download.path(), 'utf8')
}

test('export, import in a fresh profile, export again: the same bytes', async ({
  page,
  open,
  browser,
  server,
  sandbox,
}) => {
  await page.clock.install()
  await open('/')
  const ids = ['sentinel-processed~x1', 'sentinel-credits-late~x2', 'sentinel-batch~x3']
  await addTasks(page, [...ids, 'sentinel-failed~x4', 'sentinel-error-404~x5'])
  await expect(chip(page, 'Done 3')).toBeVisible()
  // Confirmed by the third request.
  await nextCheck(page)
  await nextCheck(page)
  await expect(row(page, 'x2').getByTitle('10 credits deducted')).toBeVisible()
  await expect(row(page, 'x5')).toContainText('Not found')
  const list = await exported(page, 'Export list')
  const ledger = await exported(page, 'Export credits')
  expect(ledger).toMatch(/^Task ID,Name,Model,Scale,Credits,State,/)
  expect(ledger).toMatch(/sentinel-credits-late~x2,[^\r]*,10,deducted,[\dT:.-]+Z,3,/)
  expect(list).not.toContain((await sandbox.state()).key)
  expect(list).not.toMatch(/downloadUrl":"/)

  const fresh = await (await browser.newContext()).newPage()
  await giveKey(fresh, (await sandbox.state()).key)
  await fresh.goto(server.url)
  const requests: string[] = []
  fresh.on('request', (request) => {
    if (request.url().includes('get-task-status')) requests.push(request.url())
  })
  await openAdd(fresh)
  await fresh.getByLabel('Choose file').setInputFiles({
    name: 'loupe-list.json',
    mimeType: 'application/json',
    buffer: Buffer.from(list),
  })
  await fresh.getByRole('button', { name: 'Add 5 tasks' }).click()
  await expect(rows(fresh)).toHaveCount(5)
  await expect(row(fresh, 'x4')).toContainText('Failed')
  expect(await exported(fresh, 'Export list')).toBe(list)
  expect(await exported(fresh, 'Export credits')).toBe(ledger)
  await fresh.getByRole('link', { name: 'See credits' }).click()
  await expect(fresh.getByRole('table').getByRole('link')).toHaveCount(3)
  // Everything is already known.
  expect(requests).toEqual([])
  await fresh.context().close()
})
