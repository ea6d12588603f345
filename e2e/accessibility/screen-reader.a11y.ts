import type { Page } from '@playwright/test'
import { SAMPLES } from '../../src/upscayl/samples.ts'
import { credits, expect, giveKey, test } from '../support/fixtures.ts'

/* The main job as a screen reader has it: what is where, and what is said by itself. */

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
      - region "No account? This server runs a sandbox":
        - heading "No account? This server runs a sandbox" [level=2]
        - button "Use the sandbox key"
  `)
})

test('home', async ({ open }) => {
  await expect(body(await open('/'))).toMatchAriaSnapshot(`
    - banner:
      - button "Forget key"
    - main:
      - heading "Watch a task" [level=1]
      - textbox "Task id or link"
      - button "Watch"
      - alert
      - region "Sandbox":
        - heading "Sandbox" [level=2]
        - button "Start a new task"
        - list:
          - listitem:
            - link /A picture at work/
        - group: /Ids that ask for each answer and failure/
  `)
})

test('a running task', async ({ open }) => {
  await expect(body(await open('/tasks/sentinel-enhancing'))).toMatchAriaSnapshot(`
    - main:
      - link "All tasks"
      - heading "Task sentinel-enhancing" [level=1]
      - button "Copy task id"
      - status
      - status "Milestones": Enhancing, 50 percent.
      - region "Status":
        - heading "Status" [level=2]
        - text: Enhancing
        - paragraph: 64%
        - progressbar "Progress"
        - button /left this hour/
        - button "Ask now"
      - region "Credits":
        - heading "Credits" [level=2]
        - paragraph: Not deducted yet
      - region "Made with":
        - heading "Made with" [level=2]
        - term: Model
        - definition: /Upscayl Standard/
      - region "Files":
        - heading "Files" [level=2]
        - paragraph: Files appear here when the task is done.
  `)
})

test('a done task', async ({ open }) => {
  await expect(body(await open('/tasks/sentinel-processed'))).toMatchAriaSnapshot(`
    - main:
      - heading "Task sentinel-processed" [level=1]
      - status "Milestones": Processed. 1 file. 10 credits deducted.
      - region "Status":
        - text: Processed
        - progressbar "Progress at the end"
        - text: All is known; Loupe asks no more
      - region "Credits":
        - paragraph: 10 credits deducted
      - region "Files":
        - heading "Files" [level=2]
        - paragraph: 1 file
        - list:
          - listitem:
            - heading "dunes.png" [level=3]
            - time: /Expires in/
            - link "Download dunes.png"
  `)
})

test('an error', async ({ open }) => {
  await expect(body(await open('/tasks/sentinel-error-404'))).toMatchAriaSnapshot(`
    - main:
      - link "All tasks"
      - heading "Task sentinel-error-404" [level=1]
      - status "Milestones": No such task for this key.
      - region "No such task for this key":
        - heading "No such task for this key" [level=2]
        - paragraph: /No credits were deducted/
        - paragraph: /Loupe has stopped asking/
        - button "Ask now"
  `)
})

/** Keeps what any live region of the page says from now on, each time it says something. */
const listen = () => {
  const heard: string[] = []
  Object.assign(window, { heard })
  new MutationObserver((mutations) => {
    for (const { target } of mutations) {
      const element = target instanceof Element ? target : target.parentElement
      const region = element?.closest('[role=status], [role=alert], [aria-live]')
      if (region && region.textContent !== '') heard.push(region.textContent)
    }
  }).observe(document, { subtree: true, childList: true, characterData: true })
}

const heardBy = (page: Page) =>
  page.evaluate(() => (window as unknown as { heard: string[] }).heard)

test('each milestone is said once, and no percent by itself', async ({ page, sandbox }) => {
  // What the API would answer; nothing but the test moves it on.
  let current: { sample: 'processing' | 'enhancing' | 'processed'; progress: number }
  const moveOn = (sample: typeof current.sample, progress: number) => {
    current = { sample, progress }
  }
  moveOn('processing', 0)
  await page.route('**/api/get-task-status', (route) => {
    const { status, headers, body } = SAMPLES[current.sample].reply(Date.now(), 'http://files.test')
    const answer: { data: object } = JSON.parse(body)
    const data = { ...answer.data, progress: String(current.progress) }
    return route.fulfill({ status, headers, body: JSON.stringify({ ...answer, data }) })
  })
  await giveKey(page, (await sandbox.state()).key)
  await page.addInitScript(listen)
  await page.clock.install()
  await page.goto('/tasks/any')

  const shown = page.getByRole('region', { name: 'Status' }).getByRole('paragraph').first()
  await expect(shown).toHaveText('0%')
  // From here on the page asks nothing by itself.
  await page.clock.pauseAt(Date.now() + 1000)
  for (const progress of [3, 24, 25, 26, 49, 60, 74, 76, 99, 100]) {
    moveOn('enhancing', progress)
    await page.getByRole('button', { name: 'Ask now' }).click()
    await expect(shown).toHaveText(`${progress}%`)
  }
  moveOn('processed', 100)
  await page.getByRole('button', { name: 'Ask now' }).click()
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()

  expect(await heardBy(page)).toEqual([
    'Processing.',
    'Enhancing.',
    'Enhancing, 25 percent.',
    'Enhancing, 50 percent.',
    'Enhancing, 75 percent.',
    'Enhancing, 100 percent.',
    'Processed. 1 file. 10 credits deducted.',
  ])
})

test('that an id was copied is said once, beside its button', async ({ open }) => {
  const page = await open('/tasks/sentinel-enhancing')
  await page.context().grantPermissions(['clipboard-write'])
  await page.getByRole('button', { name: 'Copy task id' }).click()
  await expect(page.getByRole('status').filter({ hasText: /^Copied$/ })).toHaveCount(1)
  await expect(page.locator('button [role=status]')).toHaveCount(0)
})
