import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { readRecording } from '../core/api/recording.ts'
import { credits, expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { DESK } from './support/gallery.ts'
import { startServer } from './support/server.ts'
import { drawPage } from './visual/picture.ts'

/* The task page records, the gallery replays, the sandbox serves: a bug report becomes images. */

async function record(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: /^Export debug log/ }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: 'Save file' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^loupe-recording-[\dT-]+\.json$/)
  return readFile(await download.path(), 'utf8')
}

const upload = (text: string) => ({
  name: 'recording.json',
  mimeType: 'application/json',
  buffer: Buffer.from(text),
})

const POSITIONS = [0, 0.2, 0.5, 0.8, 1]

/** Screenshots of a recording at fixed fractions of its duration. */
async function play(page: Page, text: string): Promise<Buffer[]> {
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto('/gallery/replay')
  await page.getByLabel('Recording', { exact: true }).setInputFiles(upload(text))
  const slider = page.getByRole('slider', { name: 'Time' })
  const longest = Number(await slider.getAttribute('max'))
  const pictures: Buffer[] = []
  for (const place of POSITIONS) {
    await slider.fill(String(Math.round((longest * place) / 100) * 100))
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    pictures.push(await drawPage(page, DESK.width))
  }
  return pictures
}

test('a recorded batch replays identically at the same times, twice', async ({ page }) => {
  const server = await startServer({ ...WATCHABLE, LOUPE_SANDBOX_DEMOS: 'batch' })
  try {
    const { key, tasks } = await sandboxOf(server.url).state()
    const id = tasks[0]?.id ?? ''
    await giveKey(page, key)
    await page.goto(`${server.url}/tasks/${id}`)
    await expect(credits(page).getByText('60 credits deducted')).toBeVisible({ timeout: 120_000 })
    const text = await record(page)

    expect(text).not.toContain(key)
    expect(text).not.toContain(id)
    expect(text).not.toContain('127.0.0.1')
    const recording = readRecording(text)
    expect(recording.ok && recording.value.answers.length).toBeGreaterThan(3)

    const [first, second] = [await play(page, text), await play(page, text)]
    expect(first).toHaveLength(POSITIONS.length)
    expect(first.map((picture, n) => picture.equals(second[n] ?? picture.subarray(1)))).toEqual(
      POSITIONS.map(() => true),
    )
    // All differ, so that equality means something.
    expect(new Set(first.map((picture) => picture.toString('base64'))).size).toBe(POSITIONS.length)
    await expect(page.getByText('60 credits deducted', { exact: true })).toBeVisible()
    await expect(page.getByRole('link', { name: /^Download/ })).toHaveCount(6)
  } finally {
    await server.stop()
  }
})

test('the player steps between events, plays, and pauses the clock', async ({ open, page }) => {
  await page.clock.install()
  await open('/tasks/sentinel-flaky~replay')
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(async () => {
    await page.clock.fastForward(61_000)
    await expect(credits(page).getByText('10 credits deducted')).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 120_000 })
  const text = await record(page)

  await page.goto('/gallery/replay')
  await page.getByLabel('Recording', { exact: true }).setInputFiles(upload(text))
  const player = page.getByRole('region', { name: 'Player' })
  const next = player.getByRole('button', { name: 'To the next event' })
  await expect(player.getByText('0 of')).toBeVisible()
  const unanswered = page.getByText('Checking the task')
  await expect(unanswered).toBeAttached()
  await next.click()
  await expect(player.getByText('1 of')).toBeVisible()
  const bar = page.getByRole('progressbar')
  await expect(bar).toHaveAttribute('aria-valuenow', '10')
  const age = page.getByText(/^Updated/)
  await expect(age).toContainText('just now')

  await player.getByRole('button', { name: 'Speed: 1 times' }).click()
  await player.getByRole('button', { name: 'Play' }).click()
  await page.clock.runFor(600)
  await expect(age).toContainText('ago')
  await player.getByRole('button', { name: 'Pause' }).click()
  const slider = player.getByRole('slider', { name: 'Time' })
  const paused = await slider.inputValue()
  await page.clock.runFor(5000)
  expect(await slider.inputValue()).toBe(paused)

  await slider.press('End')
  await expect(page.getByText('10 credits deducted', { exact: true })).toBeVisible()
  await slider.press('Home')
  await expect(unanswered).toBeAttached()
})

test('an invalid recording is rejected with an explanation, and the current one stays', async ({
  page,
}) => {
  await page.goto('/gallery/replay')
  const field = page.getByLabel('Recording', { exact: true })
  await field.setInputFiles(upload('{"hello":"world"}'))
  await expect(page.getByRole('alert')).toContainText('This is not a Loupe recording.')
  const failedResponse = { kind: 'silence', askedAt: 1000, answeredAt: 2000, why: 'network' }
  const whole = { format: 'loupe-recording', version: 1, answers: [failedResponse] }
  await field.setInputFiles(upload(JSON.stringify(whole)))
  await expect(page.getByRole('alert')).toHaveCount(0)
  await field.setInputFiles(upload(JSON.stringify({ ...whole, version: 2 })))
  await expect(page.getByRole('alert')).toContainText('from a newer Loupe')
  await expect(page.getByRole('region', { name: 'Player' })).toBeVisible()
})

test('the sandbox serves a recording as a task, at its own pace', async ({
  open,
  page,
  sandbox,
}) => {
  await open('/tasks/sentinel-credits-late~served')
  await expect(credits(page).getByText('10 credits pending')).toBeVisible()
  const text = await record(page)
  await page.getByRole('button', { name: 'Close' }).click()

  await page.goto('/sandbox')
  await page.getByLabel('Load a recording').setInputFiles(upload(text))
  await expect(page).toHaveURL(/\/tasks\/recording-[\da-f]{8}~/)
  await expect(credits(page).getByText('10 credits pending')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Download/ })).toBeVisible()
  expect(Object.keys((await sandbox.state()).requestsByTask).join()).toContain('recording-')

  await page.goto('/sandbox')
  await page.getByLabel('Load a recording').setInputFiles(upload('nonsense'))
  await expect(page.getByText('This is not a Loupe recording.')).toBeVisible()
  await expect(page.getByRole('link', { name: /^recording-[\da-f]{8}/ })).toBeVisible()
})
