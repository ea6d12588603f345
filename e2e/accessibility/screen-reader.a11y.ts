import type { Page } from '@playwright/test'
import { SAMPLES } from '../../core/api/samples.ts'
import { credits, expect, giveKey, test } from '../support/fixtures.ts'

/* The main job with a screen reader: page structure and announcements. */

const body = (page: Page) => page.locator('body')

test('the key screen', async ({ page }) => {
  await page.goto('/')
  await expect(body(page)).toMatchAriaSnapshot(`
    - link "Skip to the content"
    - banner:
      - link "Loupe"
      - button "Keyboard shortcuts"
      - button /^Theme/
    - main:
      - heading "Your API key" [level=1]
      - textbox "API key"
      - alert
      - button "Continue"
      - region "No account? Try the sandbox":
        - heading "No account? Try the sandbox" [level=2]
        - button "Open the sandbox"
  `)
})

test('home', async ({ open }) => {
  await expect(body(await open('/'))).toMatchAriaSnapshot(`
    - banner:
      - navigation "Main":
        - link /^Tasks/
        - link "Credits"
      - button "Search or paste an ID"
      - button /checks left$/
      - button /^API key/
      - link "New task"
    - main:
      - heading "No tasks yet" [level=1]
      - paragraph: /Start an upscale, or add a task you already have/
      - link "Start an upscale"
      - button "Add by ID"
      - link "Open the sandbox"
  `)
})

test('the sandbox', async ({ open }) => {
  await expect(body(await open('/sandbox'))).toMatchAriaSnapshot(`
    - main:
      - heading "Sandbox" [level=1]
      - button "Run a demo"
      - region "Demos":
        - heading "Demos" [level=2]
        - list:
          - listitem:
            - link /Minimal response/
      - region /Test IDs/:
        - searchbox "Filter test IDs"
        - list
      - region "Recordings":
        - heading "Recordings" [level=2]
      - paragraph:
        - link "gallery"
  `)
})

test('a running task', async ({ open }) => {
  await expect(body(await open('/tasks/sentinel-enhancing'))).toMatchAriaSnapshot(`
    - main:
      - link "Tasks"
      - heading "sentinel-enhancing" [level=1]
      - status "Milestones": Enhancing, 50 percent.
      - region "Status":
        - heading "Status" [level=2]
        - text: Enhancing
        - paragraph: 64%
        - progressbar "Progress"
      - region "Credits":
        - heading "Credits" [level=2]
        - paragraph: Not deducted yet
      - region "Settings":
        - heading "Settings" [level=2]
        - term: Model
        - definition: /Upscayl Standard/
      - paragraph:
        - button "Copy ID"
      - button "Check now"
  `)
})

test('a done task', async ({ open }) => {
  await expect(body(await open('/tasks/sentinel-processed'))).toMatchAriaSnapshot(`
    - main:
      - heading "dunes.png" [level=1]
      - status "Milestones": Done. 1 file. 10 credits deducted.
      - button "Preview dunes.png"
      - region "Status":
        - text: Done
      - region "File":
        - heading "dunes.png" [level=3]
        - link /Download dunes.png/
        - time: /Expires in/
      - region "Credits":
        - paragraph: 10 credits deducted
      - text: Up to date
  `)
})

test('an error', async ({ open }) => {
  await expect(body(await open('/tasks/sentinel-error-404'))).toMatchAriaSnapshot(`
    - main:
      - link "Tasks"
      - heading "sentinel-error-404" [level=1]
      - status "Milestones": Task not found.
      - region "Task not found":
        - heading "Task not found" [level=2]
        - paragraph: /No credits were deducted/
        - paragraph: /Checks stopped/
        - button "Check now"
  `)
})

/** Records every text of the page's live regions from now on. */
const listen = () => {
  const announced: string[] = []
  Object.assign(window, { announced })
  new MutationObserver((mutations) => {
    for (const { target } of mutations) {
      const element = target instanceof Element ? target : target.parentElement
      const region = element?.closest('[role=status], [role=alert], [aria-live]')
      if (region && region.textContent !== '') announced.push(region.textContent)
    }
  }).observe(document, { subtree: true, childList: true, characterData: true })
}

const announcementsOf = (page: Page) =>
  page.evaluate(() => (window as unknown as { announced: string[] }).announced)

test('each milestone is announced once, and no other percentage', async ({ page, sandbox }) => {
  // The current API response; only the test advances it.
  let current: { sample: 'processing' | 'enhancing' | 'processed'; progress: number }
  const moveOn = (sample: typeof current.sample, progress: number) => {
    current = { sample, progress }
  }
  moveOn('processing', 0)
  await page.route('**/api/get-task-status', (route) => {
    const { status, headers, body } = SAMPLES[current.sample].reply(Date.now(), 'http://files.test')
    const response: { data: object } = JSON.parse(body)
    const data = { ...response.data, progress: String(current.progress) }
    return route.fulfill({ status, headers, body: JSON.stringify({ ...response, data }) })
  })
  await giveKey(page, (await sandbox.state()).key)
  await page.addInitScript(listen)
  await page.clock.install()
  await page.goto('/tasks/any')

  const progressText = page.getByRole('region', { name: 'Status' }).getByRole('paragraph').first()
  await expect(page.getByText('Queued', { exact: true })).toBeVisible()
  // From here on the page sends no automatic requests.
  await page.clock.pauseAt(Date.now() + 1000)
  for (const progress of [3, 24, 25, 26, 49, 60, 74, 76, 99, 100]) {
    moveOn('enhancing', progress)
    await page.getByRole('button', { name: 'Check now' }).click()
    await expect(progressText).toHaveText(`${progress}%`)
  }
  moveOn('processed', 100)
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()

  expect(await announcementsOf(page)).toEqual([
    'Queued.',
    'Enhancing.',
    'Enhancing, 25 percent.',
    'Enhancing, 50 percent.',
    'Enhancing, 75 percent.',
    'Enhancing, 100 percent.',
    'Done. 1 file. 10 credits deducted.',
  ])
})

test('copying an ID is announced once, beside its button', async ({ open }) => {
  const page = await open('/tasks/sentinel-enhancing')
  await page.context().grantPermissions(['clipboard-write'])
  await page.getByRole('button', { name: 'Copy ID' }).click()
  await expect(page.getByRole('status').filter({ hasText: /^Copied$/ })).toHaveCount(1)
  await expect(page.locator('button [role=status]')).toHaveCount(0)
})
