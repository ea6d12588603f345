import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, giveKey, test } from './support/fixtures.ts'
import { addTasks, field, grid, row, rows, stored, tile, written } from './support/list.ts'
import { zipOf } from './support/unzip.ts'

/* The list of tasks: adding, looking, choosing, and what is known of credits. Sentinels answer at once. */

const said = (page: Page) => page.getByRole('region', { name: 'What was done' })

test('any mixture is looked over before it is added, and what is no id is kept', async ({
  open,
  sandbox,
}) => {
  const page = await open('/')
  const before = (await sandbox.state()).requestsByTask['sentinel-processed~mix1'] ?? 0
  await field(page).fill(
    [
      'Please look at these, thank you:',
      'https://loupe.example/tasks/sentinel-processed~mix1?from=mail',
      'task id;name',
      'sentinel-failed~mix2;holiday.png',
      '["sentinel-enhancing~mix3", "sentinel-processed~mix1"]',
    ].join('\n'),
  )
  await page.getByRole('button', { name: 'Watch', exact: true }).click()
  const review = page.getByRole('region', { name: '3 tasks to add' })
  await expect(review).toContainText('sentinel-processed~mix1')
  await expect(review).toContainText('Please look at these, thank you:')
  await expect(review).toContainText('Nothing is asked before you add them')
  expect((await sandbox.state()).requestsByTask['sentinel-processed~mix1'] ?? 0).toBe(before)
  await review.getByRole('button', { name: 'Add 3 tasks' }).click()

  await expect(rows(page)).toHaveCount(3)
  await expect(row(page, 'mix1')).toContainText('Processed')
  await expect(row(page, 'mix2')).toContainText('Failed')
  await expect(row(page, 'mix3')).toContainText('Enhancing')
  await expect(field(page)).toHaveValue(/Please look at these/)
  await expect(page.getByRole('alert')).toContainText('kept here to be corrected')

  // The same once more: nothing is there twice.
  await field(page).fill('sentinel-processed~mix1\nsentinel-failed~mix2')
  await page.getByRole('button', { name: 'Watch', exact: true }).click()
  await expect(page.getByRole('region', { name: 'All of these are in your list' })).toBeVisible()
  await page.reload()
  await expect(rows(page)).toHaveCount(3)
})

test('a file is dropped onto the page', async ({ open }) => {
  const page = await open('/')
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    const text = 'id,note\r\nsentinel-processed~drop1,"one, two"\r\nsentinel-processed~drop2,\r\n'
    transfer.items.add(new File([text], 'tasks.csv', { type: 'text/csv' }))
    return transfer
  })
  await field(page).dispatchEvent('dragover', { dataTransfer: data })
  await field(page).dispatchEvent('drop', { dataTransfer: data })
  await page.getByRole('button', { name: 'Add 2 tasks' }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('sorting, filters and search are in the address, and hold there', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, [
    'sentinel-processed~v1',
    'sentinel-batch~v2',
    'sentinel-failed~v3',
    'sentinel-enhancing~v4',
    'sentinel-expiring~v5',
  ])
  await expect(row(page, 'v4')).toContainText('64 %')
  await expect(row(page, 'v5')).toContainText('left')

  await grid(page).getByRole('button', { name: 'Credits' }).click()
  await expect(page).toHaveURL(/sort=credits/)
  await expect(grid(page).getByRole('columnheader', { name: 'Credits' })).toHaveAttribute(
    'aria-sort',
    'descending',
  )
  await expect(rows(page).first()).toContainText('v2')
  await grid(page).getByRole('button', { name: 'Credits' }).click()
  await expect(page).toHaveURL(/order=asc/)

  await page.getByLabel('Status').selectOption({ label: 'Done (3)' })
  await expect(rows(page)).toHaveCount(3)
  await page.getByLabel('Model').selectOption({ label: 'Nature Boost (1)' })
  await expect(rows(page)).toHaveCount(1)
  await page.reload()
  await expect(rows(page)).toHaveCount(1)
  await expect(row(page, 'v2')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(rows(page)).toHaveCount(5)

  await page.getByLabel('Expires').selectOption({ label: 'Within an hour' })
  await expect(rows(page)).toHaveCount(1)
  await expect(row(page, 'v5')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByLabel('Search the list').fill('HARBOUR')
  await expect(page).toHaveURL(/search=HARBOUR/)
  // Also by a name that is not the first of its task.
  await expect(rows(page)).toHaveCount(2)
  await page.getByLabel('Search the list').fill('no such thing')
  await expect(page.getByText('No task of the list is like that.')).toBeVisible()
})

test('the summary counts, and each count is a filter', async ({ open }) => {
  const page = await open('/')
  await addTasks(page, [
    'sentinel-processed~s1',
    'sentinel-failed~s2',
    'sentinel-enhancing~s3',
    'sentinel-expiring~s4',
  ])
  await expect(tile(page, 'Running 1')).toBeVisible()
  await expect(tile(page, 'Done 2')).toBeVisible()
  await expect(tile(page, 'Failed 1')).toBeVisible()
  await expect(tile(page, 'Expiring in 24 h 1')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('Credits today20')
  await tile(page, 'Failed 1').click()
  await expect(rows(page)).toHaveCount(1)
  await expect(page).toHaveURL(/status=failed/)
  await tile(page, 'Failed 1').click()
  await expect(rows(page)).toHaveCount(4)

  // The chart, as a picture and as a table.
  const chart = page.getByRole('region', { name: /Credits by day/ })
  await expect(chart).toContainText('20 credits')
  await chart.getByRole('button', { name: 'Table' }).click()
  await expect(chart.getByRole('table')).toContainText('Upscayl Standard')

  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByText('Nothing is asked until you resume.')).toBeVisible()
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
})

test('by keyboard: moving, choosing, removing, undoing, opening', async ({ open }) => {
  const page = await open('/')
  await addTasks(
    page,
    Array.from({ length: 40 }, (_, n) => `sentinel-processed~k${String(n).padStart(2, '0')}`),
  )
  await expect(page.getByText('40 tasks added.')).toBeVisible()
  await grid(page).getByRole('checkbox', { name: 'Select all' }).focus()
  for (let n = 0; n < 20; n++) {
    await page.keyboard.press('Tab')
    if ((await page.locator(':focus').getAttribute('data-index')) !== null) break
  }
  await expect(page.locator(':focus')).toContainText('k00')
  await page.keyboard.press('ArrowDown')
  await expect(page.locator(':focus')).toContainText('k01')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByText('3 chosen')).toBeVisible()
  await page.keyboard.press('End')
  await expect(page.locator(':focus')).toContainText('k39')
  await page.keyboard.press(' ')
  await expect(page.getByText('4 chosen')).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '37')
  await said(page).getByRole('button', { name: 'Undo' }).click()
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '41')
  // The page shows what was undone a little before it is written.
  await expect.poll(async () => (await stored(page)).length).toBe(40)
  await page.reload()
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '41')

  await rows(page).first().focus()
  await page.keyboard.press('Control+a')
  await expect(page.getByText('40 chosen')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('40 chosen')).toBeHidden()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/tasks\/sentinel-processed~k00$/)
})

test('a settled task is asked again only when somebody wishes it', async ({ open, sandbox }) => {
  const page = await open('/')
  await addTasks(page, ['sentinel-processed~c1', 'sentinel-failed~c2'])
  await expect(row(page, 'c1')).toContainText('Processed')
  await expect(row(page, 'c2')).toContainText('Failed')
  await written(page, 2)
  await page.reload()
  await expect(row(page, 'c1')).toContainText('Processed')
  const asked = async () => {
    const { requestsByTask } = await sandbox.state()
    return [requestsByTask['sentinel-processed~c1'], requestsByTask['sentinel-failed~c2']]
  }
  expect(await asked()).toEqual([1, 1])
  await row(page, 'c1').getByRole('checkbox').click()
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect.poll(asked).toEqual([2, 1])
})

test('files of several tasks are saved at once; what is not remembered is asked for', async ({
  open,
  sandbox,
}) => {
  const ids = [await sandbox.start('done'), await sandbox.start('expiring')]
  const page = await open('/')
  await addTasks(page, ids)
  await expect(tile(page, 'Done 2')).toBeVisible()
  // The links are gone with the page.
  await page.reload()
  await expect(rows(page)).toHaveCount(2)
  await grid(page).getByRole('checkbox', { name: 'Select all' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save files' }).click(),
  ])
  const files = await zipOf(download)
  expect([...files.keys()].sort()).toEqual([
    'dunes-first-light-natural-plus-4x-4x.jpg',
    'lake-crossing-clear-boost-4x-3x.webp',
  ])
  expect([...files.values()].every(({ length }) => length > 10_000)).toBe(true)
  await expect(page.getByText(/^2 files fetched/)).toBeVisible()
})

test('a task that gives no link is not left out without a word', async ({ open, sandbox }) => {
  const page = await open('/')
  await addTasks(page, [await sandbox.start('done'), 'sentinel-no-links~s1'])
  await expect(tile(page, 'Done 2')).toBeVisible()
  await grid(page).getByRole('checkbox', { name: 'Select all' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save files' }).click(),
  ])
  const files = await zipOf(download)
  expect([...files.keys()]).toEqual([
    'dunes-first-light-natural-plus-4x-4x.jpg',
    'Missing files.txt',
  ])
  const missing = page.getByRole('status').filter({ hasText: '1 missing' }).getByRole('listitem')
  await expect(missing).toHaveText(/Upscayl gave no link for it/)
  expect(files.get('Missing files.txt')?.toString()).toContain(await missing.innerText())
})

test('a list in a link: ids only, looked over before anything is asked', async ({
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
  const link = await dialog.getByRole('textbox', { name: 'List link' }).inputValue()
  expect(link).toBe(`${server.url}/#tasks=sentinel-processed~l1,sentinel-failed~l2`)

  const receiver = await (await browser.newContext()).newPage()
  await giveKey(receiver, (await sandbox.state()).key)
  const asked: string[] = []
  receiver.on('request', (request) => {
    if (request.url().includes('get-task-status')) asked.push(request.url())
  })
  await receiver.goto(link)
  const review = receiver.getByRole('region', { name: 'This link lists 2 tasks' })
  await expect(review).toContainText('sentinel-failed~l2')
  expect(asked).toEqual([])
  await review.getByRole('button', { name: 'Add 2 tasks' }).click()
  await expect(row(receiver, 'l1')).toContainText('Processed')
  await expect(receiver).toHaveURL(`${server.url}/`)
  await receiver.context().close()
})

const textOf = async (page: Page, button: string): Promise<string> => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  return readFile(await download.path(), 'utf8')
}

test('exported, imported in a fresh profile, exported again: the same bytes', async ({
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
  await expect(tile(page, 'Done 3')).toBeVisible()
  // Confirmed at the third question, 25 s after the first.
  await expect(async () => {
    await page.clock.fastForward(20_000)
    await expect(row(page, 'x2').getByTitle('Deducted', { exact: true })).toBeVisible({
      timeout: 500,
    })
  }).toPass()
  await expect(row(page, 'x5')).toContainText('No such task')
  await page.getByRole('link', { name: 'Credits and export' }).click()
  await expect(page.getByRole('table').getByRole('link')).toHaveCount(3)
  const list = await textOf(page, 'Export list')
  const ledger = await textOf(page, 'Export CSV')
  expect(ledger).toMatch(/^Task id,Name,Model,Scale,Credits,State,/)
  expect(ledger).toMatch(/sentinel-credits-late~x2,[^\r]*,10,deducted,[\dT:.-]+Z,3,/)
  expect(list).not.toContain((await sandbox.state()).key)
  expect(list).not.toMatch(/downloadUrl":"/)

  const fresh = await (await browser.newContext()).newPage()
  await giveKey(fresh, (await sandbox.state()).key)
  await fresh.goto(server.url)
  const asked: string[] = []
  fresh.on('request', (request) => {
    if (request.url().includes('get-task-status')) asked.push(request.url())
  })
  await fresh.getByLabel('Choose a file').setInputFiles({
    name: 'loupe-list.json',
    mimeType: 'application/json',
    buffer: Buffer.from(list),
  })
  await fresh.getByRole('button', { name: 'Add 5 tasks' }).click()
  await expect(rows(fresh)).toHaveCount(5)
  await expect(row(fresh, 'x4')).toContainText('Failed')
  await fresh.getByRole('link', { name: 'Credits and export' }).click()
  expect(await textOf(fresh, 'Export list')).toBe(list)
  expect(await textOf(fresh, 'Export CSV')).toBe(ledger)
  // All is known already.
  expect(asked).toEqual([])
  await fresh.context().close()
})
