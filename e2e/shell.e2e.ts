import type { Page } from '@playwright/test'
import { expect, keyReady, openShortcuts, removeKey, test } from './support/fixtures.ts'
import { addButton, addTasks, rows } from './support/list.ts'

/* What surrounds every page: navigation, menus, keys, size of text and targets. */

const main = (page: Page) => page.getByRole('navigation', { name: 'Main' })
const keyHeading = (page: Page) => page.getByRole('heading', { name: 'Your API key' })

const PAGES = [
  ['/', 'Tasks'],
  ['/credits', 'Credits'],
  ['/new', 'New task'],
  ['/tasks/sentinel-processed', null],
  ['/no/such/page', null],
] as const

test('every page reaches every other in one click', async ({ open, page }) => {
  for (const [path, current] of PAGES) {
    await open(path)
    const header = page.getByRole('banner')
    if (current !== null) {
      const marked = header.locator('[aria-current=page]')
      await expect(marked).toHaveText(new RegExp(`^${current}`))
    }
    for (const [name, target] of [
      [/^Tasks/, '/'],
      [/^Credits$/, '/credits'],
      [/^New task$/, '/new'],
    ] as const) {
      await page.goto(path)
      await header.getByRole('link', { name }).click()
      await expect(page).toHaveURL(target)
    }
  }
})

test('a phone has the navigation at its lower edge', async ({ open, page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open('/credits')
  await expect(main(page).getByRole('link')).toHaveText(['Tasks', 'New', 'Credits'])
  await expect(main(page).getByRole('link', { name: 'Credits' })).toHaveAttribute(
    'aria-current',
    'page',
  )
  const bar = await main(page).boundingBox()
  expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBe(844)
  await main(page).getByRole('button', { name: 'More' }).click()
  await expect(page.getByRole('menuitem', { name: 'Remove key', exact: true })).toBeVisible()
})

test('without a key nothing is linked that needs one', async ({ page }) => {
  await page.goto('/no/such/page')
  await expect(page.getByRole('button', { name: /^Theme/ })).toBeVisible()
  await expect(main(page)).toHaveCount(0)
})

test('a menu is used by keyboard', async ({ open, page }) => {
  await open('/credits')
  const button = page.getByRole('button', { name: /^API key/ })
  await button.press('ArrowDown')
  const items = page.getByRole('menu').locator('[role^=menuitem]:not([aria-disabled=true])')
  await expect(items.first()).toBeFocused()
  await page.keyboard.press('End')
  await expect(items.last()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(items.first()).toBeFocused()
  await page.keyboard.press('d')
  await expect(page.getByRole('menuitemradio', { name: 'Dark' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(button).toBeFocused()
  await button.click()
  await page.mouse.click(20, 400)
  await expect(page.getByRole('menu')).toHaveCount(0)
})

test('a removed key comes back with Undo', async ({ open, page, sandbox }) => {
  const { key } = await sandbox.state()
  await open('/credits')
  await removeKey(page)
  await expect(keyHeading(page)).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('heading', { name: 'Credits', exact: true })).toBeVisible()
  expect(await page.evaluate(() => sessionStorage.getItem('loupe:api-key'))).toBe(key)
})

test('a message goes by itself, but not while it is pointed at', async ({ open, page }) => {
  await page.clock.install()
  await open('/credits')
  // The message goes after 8 s, which this may take on a busy machine.
  await page.clock.pauseAt(Date.now() + 60_000)
  await removeKey(page)
  const undo = page.getByRole('button', { name: 'Undo' })
  await undo.hover()
  await page.clock.runFor(20_000)
  await expect(undo).toBeVisible()
  await page.mouse.move(0, 0)
  await page.clock.runFor(7000)
  await expect(undo).toBeVisible()
  await page.clock.runFor(2000)
  await expect(undo).toHaveCount(0)
})

test('the list is removed with the key, and comes back with it', async ({ open, page }) => {
  await open('/')
  await addTasks(page, ['sentinel-processed~shell', 'sentinel-failed~shell'])
  await expect(rows(page)).toHaveCount(2)
  const removeAll = async () => {
    await page.getByRole('button', { name: /^API key/ }).click()
    await page.getByRole('menuitem', { name: 'Remove key and this browser’s list' }).click()
    await expect(keyHeading(page)).toBeVisible()
  }
  await removeAll()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rows(page)).toHaveCount(2)
  await removeAll()
  await page.getByRole('button', { name: 'Open the sandbox' }).click()
  await expect(addButton(page)).toBeVisible()
  await expect(rows(page)).toHaveCount(0)
})

test('the key is replaced from its menu', async ({ open, page, sandbox }) => {
  const { key } = await sandbox.state()
  await open('/credits')
  await page.getByRole('button', { name: /^API key/ }).click()
  await page.getByRole('menuitem', { name: 'Replace key…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Replace key' })
  await dialog.getByLabel('API key').fill('abc')
  await dialog.getByRole('button', { name: 'Replace key' }).click()
  await expect(dialog.getByRole('alert')).toContainText('too short')
  await dialog.getByLabel('API key').fill('another-key-4f2a')
  await dialog.getByRole('button', { name: 'Replace key' }).click()
  await expect(page.getByRole('button', { name: 'API key ••4f2a' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: `API key ••${key.slice(-4)}` })).toBeVisible()
})

test('a page of a rejected key replaces it, and Undo brings it back', async ({ open, page }) => {
  await open('/tasks/sentinel-error-401')
  await page.getByRole('button', { name: 'Replace key…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Replace key' })
  await dialog.getByLabel('API key').fill('another-key-4f2a')
  await dialog.getByRole('button', { name: 'Replace key' }).click()
  await expect(page.getByRole('button', { name: 'API key ••4f2a' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'API key ••4f2a' })).toHaveCount(0)
})

test('file names and the folder for files are in the key menu, too', async ({ open, page }) => {
  await page.addInitScript(() =>
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle('Upscaled', { create: true }),
    }),
  )
  await open('/credits')
  const choose = async (name: string | RegExp) => {
    await page.getByRole('button', { name: /^API key/ }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await choose('File names…')
  const dialog = page.getByRole('dialog', { name: 'File names' })
  await expect(dialog).toContainText('holiday-upscayl-standard-4x.png')
  await page.keyboard.press('Escape')
  await choose(/^Save into a folder/)
  await choose('Stop saving to Upscaled')
  await choose(/^Save into a folder/)
})

test('search finds pages, tasks by name and ID, and opens a pasted link', async ({
  open,
  page,
}) => {
  await open('/')
  await addTasks(page, ['sentinel-processed~found', 'sentinel-failed~found'])
  await expect(rows(page).filter({ hasText: 'dunes.png' })).toHaveCount(1)
  const search = page.getByRole('combobox', { name: 'Search or paste an ID' })
  const results = page.getByRole('listbox', { name: 'Results' }).getByRole('option')
  await keyReady(page, 'Search')
  await page.keyboard.press('Control+k')
  await search.fill('dunes')
  await expect(results).toHaveText([/dunes\.png/])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/tasks/sentinel-processed~found')
  await expect(page.getByRole('combobox')).toHaveCount(0)

  await page.keyboard.press('/')
  await search.fill('cred')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/credits')

  await page.getByRole('button', { name: 'Search or paste an ID' }).click()
  await search.fill('https://loupe.test/tasks/sentinel-enhancing')
  await expect(results).toHaveText([/Open task sentinel-enhancing/])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/tasks/sentinel-enhancing')
})

test('a click beside a dialog closes it', async ({ open, page }) => {
  await open('/credits')
  await expect(page.getByRole('button', { name: /^API key/ })).toBeVisible()
  const dialog = await openShortcuts(page)
  await dialog.getByRole('heading').first().click()
  await expect(dialog).toBeVisible()
  await page.mouse.click(10, 10)
  await expect(dialog).toHaveCount(0)
})

test('going back leaves a dialog', async ({ open, page }) => {
  await open('/')
  await main(page).getByRole('link', { name: 'Credits' }).click()
  await expect(page.getByRole('heading', { name: 'Credits', level: 1 })).toBeVisible()
  const dialog = await openShortcuts(page)
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Tasks', level: 1 })).toBeVisible()
  await expect(dialog).toHaveCount(0)

  await page.goForward()
  await page.getByRole('button', { name: /checks left$/ }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Tasks', level: 1 })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.goForward()
  await page.getByRole('button', { name: /^API key/ }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('menu')).toHaveCount(0)
})

test('the gallery opens at a width that fits the screen', async ({ page }) => {
  const width = (name: string) =>
    page.getByRole('group', { name: 'Width' }).getByRole('radio', { name, exact: true })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/gallery')
  await expect(width('390 px')).toBeChecked()
  // Hardly scaled down: its text can be read.
  const box = await page.locator('iframe').boundingBox()
  expect((box?.width ?? 0) / 390).toBeGreaterThan(0.85)
  await page.setViewportSize({ width: 1280, height: 900 })
  await expect(width('1280 px')).toBeChecked()
})

test('from state to state the gallery keeps what was typed, and the focus', async ({ page }) => {
  await page.goto('/gallery')
  const search = page.getByRole('searchbox', { name: 'Find a state' })
  await search.fill('batch')
  const links = page.getByRole('navigation', { name: 'States' }).getByRole('link')
  await links.nth(1).click()
  await expect(links.nth(1)).toHaveAttribute('aria-current', 'page')
  await expect(search).toHaveValue('batch')
  const next = page.getByRole('button', { name: 'Next state' })
  const title = page.locator('#state-title')
  for (let n = 0; n < 2; n++) {
    const before = await title.innerText()
    await next.press('Enter')
    await expect(title).not.toHaveText(before)
    await expect(next).toBeFocused()
  }
})

test('no text is below 12 px, and no target of a finger below 44', async ({ browser, server }) => {
  const context = await browser.newContext({
    baseURL: server.url,
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
  })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('button', { name: 'Open the sandbox' }).click()
  for (const path of ['/', '/new', '/credits', '/tasks/sentinel-batch']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    const faults = await page.evaluate(() => {
      const shown = (element: Element) =>
        element.checkVisibility({ visibilityProperty: true }) && element.clientWidth > 1
      const nameOf = (element: Element) => element.ariaLabel ?? element.textContent ?? ''
      const sizeOf = (element: Element) => Number.parseFloat(getComputedStyle(element).fontSize)
      const texts = [...document.querySelectorAll('body *')].filter(
        (element) =>
          shown(element) &&
          sizeOf(element) < 12 &&
          [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
      )
      const targets = [...document.querySelectorAll('button, select, input:not([type=checkbox])')]
      const small = targets.filter(
        (element) => shown(element) && element.getBoundingClientRect().height < 44,
      )
      return {
        root: getComputedStyle(document.documentElement).fontSize,
        texts: texts.map(nameOf),
        small: small.map(nameOf),
      }
    })
    expect(faults, path).toEqual({ root: '16px', texts: [], small: [] })
  }
  await context.close()
})
