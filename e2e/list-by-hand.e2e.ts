import { expect, giveKey, keyReady, test } from './support/fixtures.ts'
import { addTasks, grid, row, rows } from './support/list.ts'

/* The list by finger, by single keys, and far down. */

test('a finger that rests on a row selects it; a tap opens its task', async ({
  browser,
  server,
  sandbox,
}) => {
  const context = await browser.newContext({
    baseURL: server.url,
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
  })
  try {
    const page = await context.newPage()
    await page.clock.install()
    await giveKey(page, (await sandbox.state()).key)
    await page.goto('/')
    await page.getByRole('button', { name: 'Add by ID' }).click()
    await page.getByLabel('Task IDs or links').fill('sentinel-failed~t1\nsentinel-error-404~t2')
    await page.getByRole('button', { name: 'Add 2 tasks' }).click()
    await expect(row(page, 't2')).toContainText('Not found')

    const box = await row(page, 't1').boundingBox()
    if (box === null) throw new Error('the row has no box')
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const finger = await context.newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchEnd') =>
      finger.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchStart' ? [point] : [],
      })
    const place = () => row(page, 't1').boundingBox()
    const before = await place()
    await touch('touchStart')
    await page.clock.runFor(600)
    await expect(page.getByText('1 selected')).toBeVisible()
    await touch('touchEnd')
    await expect(row(page, 't1')).toHaveAttribute('aria-selected', 'true')
    await expect(page).toHaveURL('/')
    expect(await place()).toEqual(before)

    await page.getByRole('button', { name: 'Clear selection' }).click()
    await page.touchscreen.tap(point.x, point.y)
    await expect(page).toHaveURL(/\/tasks\/sentinel-failed/)
  } finally {
    await context.close()
  }
})

test('single keys: j and k move from anywhere, d downloads, s shares', async ({ open, page }) => {
  await open('/')
  await addTasks(page, ['sentinel-processed~k1', 'sentinel-failed~k2', 'sentinel-error-404~k3'])
  await expect(row(page, 'k3')).toContainText('Not found')
  await expect(row(page, 'k1')).toContainText('Done')
  await page.getByRole('heading', { name: 'Tasks', level: 1 }).click()
  await keyReady(page, 'Previous task')
  await page.keyboard.press('j')
  await expect(rows(page).nth(0)).toBeFocused()
  await page.keyboard.press('j')
  await expect(rows(page).nth(1)).toBeFocused()
  await page.keyboard.press('k')
  await expect(rows(page).nth(0)).toBeFocused()

  await row(page, 'k1').focus()
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')])
  expect(download.suggestedFilename()).toBe('dunes-upscayl-standard-4x.png')
  await row(page, 'k1').focus()
  await page.keyboard.press('s')
  await expect(page.getByRole('dialog', { name: /^Share/ })).toBeVisible()
})

test('the head of the table stays in sight', async ({ open, page }) => {
  await open('/')
  const ids = Array.from({ length: 30 }, (_, n) => `sentinel-failed~h${n}`)
  await addTasks(page, ids)
  await expect(rows(page).first()).toBeVisible()
  const head = grid(page).getByRole('columnheader', { name: 'Status' })
  await keyReady(page, 'Next task')
  await page.keyboard.press('j')
  await expect(rows(page).first()).toBeFocused()
  await page.keyboard.press('End')
  await expect(rows(page).last()).toBeFocused()
  await expect(head).toBeInViewport()
  expect((await head.boundingBox())?.y).toBeLessThan(40)
})
