import { credits, expect, openShortcuts, test } from './support/fixtures.ts'
import { addButton, field, openAdd } from './support/list.ts'

test.describe('bad input', () => {
  const BAD = [
    ['two words', /no spaces/],
    ['a/b/c', /letters, digits/],
    ['x'.repeat(10_000), /10,000 characters long/],
    ['<script>alert(1)</script>', /letters, digits/],
    ['\u202etxt', /invisible characters/],
    ['', /Paste a task ID/],
  ] as const

  for (const [input, sentence] of BAD) {
    test(`an ID like ${JSON.stringify(input.slice(0, 30))} is rejected with an explanation`, async ({
      forgetful: page,
    }) => {
      await page.goto('/')
      await openAdd(page)
      await field(page).fill(input)
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await expect(page.getByRole('alert').filter({ hasText: sentence })).toBeVisible()
      await expect(field(page)).toHaveValue(input)
      expect(new URL(page.url()).pathname).toBe('/')
    })
  }

  for (const [input, sentence] of BAD.filter(([text]) => text !== '' && !text.includes('/'))) {
    test(`a URL with ${JSON.stringify(input.slice(0, 30))} is explained and sends no request`, async ({
      forgetful: page,
      sandbox,
    }) => {
      const before = Object.keys((await sandbox.state()).requestsByTask).length
      await page.goto(`/tasks/${encodeURIComponent(input)}`)
      await expect(
        page.getByRole('heading', { name: 'Not a valid task ID', level: 2 }),
      ).toBeVisible()
      await expect(page.getByText(sentence)).toBeVisible()
      expect(Object.keys((await sandbox.state()).requestsByTask)).toHaveLength(before)
    })
  }

  test('hostile names and values are shown harmlessly', async ({ open }) => {
    const page = await open('/tasks/sentinel-hostile-values')
    await expect(page.getByText('../../x<script>.png', { exact: true })).toBeVisible()
    await expect(page.getByText('\ufffdgnp.gpj.exe', { exact: true })).toBeVisible()
    await expect(page.getByText('風景写真 – été №7 🌄.png', { exact: true })).toBeVisible()
    await expect(page.locator('img[src="x"]')).toHaveCount(0)
    for (const link of await page.getByRole('link').all()) {
      expect(await link.getAttribute('href')).not.toMatch(/^\s*javascript:/i)
    }
    const sideways = () =>
      document.documentElement.scrollWidth - document.documentElement.clientWidth
    expect(await page.evaluate(sideways)).toBe(0)
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await page.evaluate(sideways)).toBe(0)
    await page.goto('/tasks/sentinel-endless-words')
    await expect(page.getByRole('region', { name: 'Status' })).toBeVisible()
    expect(await page.evaluate(sideways)).toBe(0)
    expect((await page.title()).length).toBeLessThan(120)
  })

  test('an unknown URL shows "page not found"', async ({ open }) => {
    const page = await open('/no/such/page')
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible()
  })
})

test('the main job by keyboard: key, task, file, shortcuts', async ({ page, sandbox }) => {
  const { key } = await sandbox.state()
  await page.goto('/')
  const tabTo = async (target: ReturnType<typeof page.getByRole>) => {
    await expect(target).toBeEnabled()
    for (let presses = 0; presses < 30; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    await expect(target).toBeFocused()
  }
  await tabTo(page.getByLabel('API key'))
  await page.keyboard.type(key)
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible()
  await tabTo(addButton(page))
  await page.keyboard.press('Enter')
  await expect(field(page)).toBeFocused()
  await page.keyboard.type('sentinel-processed')
  await page.keyboard.press('Enter')
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()

  const link = page.getByRole('link', { name: 'Download dunes.png' })
  await tabTo(link)
  const outline = await link.evaluate((element) => getComputedStyle(element).outlineStyle)
  expect(outline).not.toBe('none')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.keyboard.press('Enter'),
  ])
  expect(download.suggestedFilename()).toBe('dunes-upscayl-standard-4x.png')

  const shortcuts = await openShortcuts(page)
  await page.keyboard.press('Escape')
  await expect(shortcuts).toBeHidden()
  await page.keyboard.press('t')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.keyboard.press('t')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(page).toHaveURL('/')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: /^API key/ }).click()
  await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
  await shortcuts.getByLabel('Enable single-key shortcuts').uncheck()
  await page.keyboard.press('Escape')
  await expect(shortcuts).toBeHidden()
  await page.keyboard.press('t')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('the theme follows the device, and a choice survives a reload', async ({ open }) => {
  const page = await open('/')
  const root = page.locator('html')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(root).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: /^API key/ }).click()
  await page.getByRole('menuitemradio', { name: 'Light' }).click()
  await expect(root).toHaveAttribute('data-theme', 'light')
  await page.reload()
  await expect(root).toHaveAttribute('data-theme', 'light')
})
