import type { Page, Route } from '@playwright/test'
import { credits, expect, giveKey, test } from './support/fixtures.ts'
import { addButton, addTasks, rows } from './support/list.ts'

/*
 * Lazy chunks may fail to load: no network, a content blocker, or a new release on the server.
 * The error is shown in their place, the rest works, and a reload fixes it.
 */

const LATE = '**/assets/*.js'
const missing = /didn’t load/
const reload = (page: Page) => page.getByRole('button', { name: 'Reload' }).first()

/** Ways in which a chunk may fail to load. */
const FAULTS: Readonly<Record<string, (route: Route) => Promise<void>>> = {
  'network error': (route) => route.abort(),
  'new release on the server': (route) => route.fulfill({ status: 404, body: 'Not found' }),
  'wrong content': (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
}

/** Scripts in the page's HTML load; of the others, those that `isOut` selects fail. */
async function keepOut(page: Page, isOut: (pathname: string) => boolean, fault: string) {
  const late: string[] = []
  const first = await (await page.request.get('/')).text()
  await page.route(LATE, (route) => {
    const { pathname } = new URL(route.request().url())
    if (first.includes(`src="${pathname}"`)) return route.continue()
    if (!late.includes(pathname)) late.push(pathname)
    return isOut(pathname) ? FAULTS[fault]?.(route) : route.continue()
  })
  return late
}

for (const fault of Object.keys(FAULTS)) {
  test(`${fault}: a task is shown without lazy chunks, which load after a reload`, async ({
    open,
    page,
  }) => {
    await keepOut(page, () => true, fault)
    await open('/tasks/sentinel-processed~later')
    await expect(page.getByText('Done', { exact: true })).toBeVisible()
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
    await expect(page.getByRole('alert').filter({ hasText: missing }).first()).toBeVisible()
    await expect(page.getByText('results aren’t saved here')).toBeVisible()
    await expect(page.getByText('The menu didn’t load.')).toBeVisible()
    await page.unroute(LATE)
    await reload(page).click()
    await expect(page.getByRole('link', { name: /^Download/ }).first()).toBeVisible()
    await expect(page.getByText(missing)).toHaveCount(0)
  })
}

test('a dialog and a page that fail to load say so', async ({ open, page }) => {
  await open('/tasks/sentinel-processed~page')
  await expect(page.getByRole('link', { name: /^Download/ }).first()).toBeVisible()
  await keepOut(page, () => true, 'new release on the server')
  await page.getByRole('button', { name: /of 100 checks left/ }).click()
  await expect(page.getByRole('alert').filter({ hasText: missing })).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
  await expect(page.getByRole('heading', { name: 'Couldn’t load this page' })).toBeVisible()
  await page.unroute(LATE)
  await reload(page).click()
  await expect(rows(page)).toContainText('Done')
})

test('each lazy chunk in turn fails: the task is shown, and so is an error', async ({
  open,
  page,
}) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  let out = ''
  const late = await keepOut(page, (pathname) => pathname === out, 'network error')
  await open('/tasks/sentinel-processed~each')
  await expect(page.getByRole('link', { name: /^Download/ }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'More actions' })).toBeVisible()
  const files = [...late]
  expect(files.length).toBeGreaterThan(3)
  for (out of files) {
    await page.reload()
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
    await expect(page.getByText(missing).first()).toBeVisible()
  }
  expect(errors).toEqual([])
})

test('after a release an old tab can add tasks, and a follower keeps working', async ({
  context,
  open,
  page,
}) => {
  await open('/')
  await expect(addButton(page)).toBeVisible()
  const follower = await context.newPage()
  await giveKey(
    follower,
    (await page.evaluate(() => sessionStorage.getItem('loupe:api-key'))) ?? '',
  )
  await follower.goto('/tasks/sentinel-enhancing~release')
  await expect(follower.getByRole('progressbar')).toBeVisible()
  // What each page loads later has arrived by then.
  for (const tab of [page, follower]) await tab.waitForLoadState('networkidle')

  await keepOut(page, () => true, 'new release on the server')
  await keepOut(follower, () => true, 'new release on the server')
  await addTasks(page, ['sentinel-processed~release', 'sentinel-enhancing~release'])
  await expect(rows(page)).toHaveCount(2)
  await expect(rows(page).filter({ hasText: '~release' }).first()).toBeVisible()
  // A check in one tab updates the other.
  await follower.getByRole('button', { name: 'Check now' }).click()
  await expect(follower.getByText(/^Updated (just now|1 s ago)/)).toBeVisible()
  await expect(follower.getByText(missing)).toHaveCount(0)
})

test('file names of chunks reveal nothing', async ({ open, page }) => {
  const names: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/assets/')) names.push(pathname)
  })
  await open('/tasks/sentinel-processed~names')
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(names.length).toBeGreaterThan(5)
  for (const name of names) expect(name).toMatch(/^\/assets\/[0-9a-f]+\.\w+$/)
})
