import type { Locator, Page } from '@playwright/test'
import { SAMPLE_NAMES, type SampleName } from '../core/api/samples.ts'
import { AT_REST, credits, expect, giveKey, test } from './support/fixtures.ts'
import { startServer } from './support/server.ts'

type Check = (page: Page) => Promise<void>

const status =
  (word: string): Check =>
  async (page) => {
    await expect(
      page.getByRole('region', { name: 'Status' }).getByText(word, { exact: true }),
    ).toBeVisible()
  }
const credit =
  (text: string): Check =>
  async (page) => {
    await expect(credits(page).getByText(text, { exact: true })).toBeVisible()
  }
const files =
  (n: number): Check =>
  async (page) => {
    // The only file of a task is its page.
    if (n === 1) await expect(page.getByRole('region', { name: 'File', exact: true })).toBeVisible()
    else
      await expect(page.getByRole('region', { name: 'Files' }).getByRole('listitem')).toHaveCount(n)
  }
const text =
  (words: string | RegExp): Check =>
  async (page) => {
    await expect(page.getByRole('main').getByText(words).first()).toBeVisible()
  }
const links =
  (n: number): Check =>
  async (page) => {
    await expect(page.getByRole('link', { name: /^Download/ })).toHaveCount(n)
  }
/** Checks left, in the header. */
const left =
  (words: RegExp): Check =>
  async (page) => {
    await expect(page.getByRole('button', { name: words })).toBeVisible()
  }
const progress =
  (value: number | null): Check =>
  async (page) => {
    const bar = page.getByRole('progressbar')
    if (value === null) await expect(bar).not.toHaveAttribute('aria-valuenow')
    else await expect(bar).toHaveAttribute('aria-valuenow', String(value))
  }
/** An error screen: what happened, what it means for credits and files, what happens next. */
const error =
  (title: string, next: RegExp): Check =>
  async (page) => {
    const panel = page.getByRole('region', { name: title })
    await expect(panel.getByRole('heading', { name: title })).toBeVisible()
    await expect(panel.getByText(/credits/).first()).toBeVisible()
    await expect(panel.getByText(next)).toBeVisible()
  }
const stopped = /Checks stopped/
const retrying = /Retrying (in \d+ s|now)/

const EXPECTED: Readonly<Record<SampleName, readonly Check[]>> = {
  processing: [status('Queued'), progress(0), credit('Not deducted yet'), files(0)],
  enhancing: [status('Enhancing'), progress(64)],
  'no-progress': [status('Enhancing'), progress(null), text('no progress reported')],
  'hundred-percent': [status('Enhancing'), progress(100), text(/Next check/)],
  processed: [status('Done'), credit('10 credits deducted'), files(1), links(1)],
  batch: [status('Done'), credit('60 credits deducted'), files(6)],
  'batch-running': [
    status('Enhancing'),
    progress(40),
    files(2),
    links(0),
    text('2 files so far'),
    text('Available when done'),
  ],
  'batch-partly-failed': [
    status('Done · 2 failed'),
    credit('40 credits deducted'),
    files(6),
    links(4),
    text('4 of 6 images done. 2 failed: lake.png, aurora.png. Failed images aren’t charged.'),
    text('4 of 6 files'),
    text('Download all · 4 files'),
    text('Up to date'),
  ],
  balance: [status('Done'), credit('10 credits deducted'), files(1), links(1)],
  'many-files': [files(40), links(40), text('40 files')],
  'no-files': [status('Done'), text('returned no files')],
  failed: [status('Failed'), text('ends before its last row'), credit('Not deducted')],
  'failed-without-reason': [status('Failed'), text('no reason reported')],
  'credits-unconfirmed': [credit('10 credits pending'), text(/confirming|check again/)],
  'credits-unknown': [credit('Not reported'), text(/confirming|check again/)],
  expiring: [text(/^Expires in 1:\d\d$/), links(1)],
  // The expiry is only a stated date, and the host still serves the file.
  expired: [text('expiry not known'), links(1)],
  'no-links': [text('No download link'), links(0)],
  sparse: [status('Done'), text('Unnamed file'), text('No download link')],
  'hostile-values': [
    text('../../x<script>.png'),
    text('outside 1 to 8'),
    text('not a known model'),
    files(4),
    links(3),
  ],
  'endless-words': [progress(33), text(/^33/), text(/^AWAITING_MANUAL_REVIEW_.*…$/)],
  'unknown-status': [status('DEFRAGMENTING'), progress(12)],
  'older-pending': [status('Queued'), progress(0)],
  'older-processing': [status('Processing'), progress(75)],
  'older-completed': [status('Done'), text(/^Expires in (1 day|23 h \d+ min)$/)],
  'older-failed': [status('Failed'), text('Model crashed')],
  'link-elsewhere': [files(6), links(6)],
  'other-envelope': [status('Done'), credit('10 credits deducted'), files(1), links(1)],
  'all-text': [status('Done'), credit('10 credits deducted'), text('2,560 × 1,600 px'), links(1)],
  'short-window': [status('Enhancing'), left(/^\d+ of 100 checks left$/)],
  'retry-after': [status('Enhancing'), text(/^Next check (in \d+ s|now)$/)],
  'error-400-missing-user': [error('Invalid API key', stopped)],
  'error-400-other': [error('Upscayl rejected the request', stopped), text('taskId is not valid')],
  'error-400-bare': [error('Invalid API key', stopped)],
  'error-401': [error('Invalid API key', stopped)],
  'error-402': [error('Not enough credits', stopped), text('the account has 3')],
  'error-404': [error('Task not found', stopped)],
  'error-404-bare': [error('Task not found', stopped), text('No such document')],
  'error-404-user': [error('Invalid API key', stopped)],
  'error-429': [error('Hourly limit reached', /resume at \d\d:\d\d, in 1:\d\d/)],
  'error-429-sentence': [error('Hourly limit reached', /resume at \d\d:\d\d, in (59 min|1 h)/)],
  'error-500': [error('Upscayl error', retrying), text('Error getting data')],
  'error-500-bare': [error('Upscayl error', retrying), text('Error generating links for images')],
  'error-503': [error('Upscayl error', /Retrying in (1:\d\d|2 min)/), text('Service Unavailable')],
  'error-in-200': [error('Upscayl error', retrying), text('The task could not be read.')],
  'error-html': [error('Upscayl error', retrying)],
  'error-empty': [error('Upscayl error', retrying)],
  'error-cut-off': [error('Upscayl error', retrying)],
  'error-no-envelope': [error('Upscayl error', retrying)],
}

for (const name of SAMPLE_NAMES) {
  test(`sentinel ${name}`, async ({ forgetful: page }) => {
    await page.goto(`/tasks/sentinel-${name}`)
    for (const check of EXPECTED[name]) await check(page)
    await expect(page.getByText(/NaN|Invalid Date|undefined|null/)).toHaveCount(0)
  })
}

/** Advances the page's clock, in steps longer than any wait of the schedule, until `what` is visible. */
async function until(page: Page, what: Locator): Promise<void> {
  await expect(async () => {
    await page.clock.fastForward(61_000)
    await expect(what).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 120_000 })
}

const deducted = (page: Page) => credits(page).getByText('10 credits deducted', { exact: true })

test.describe('over time', () => {
  test.beforeEach(async ({ page }) => page.clock.install())

  test('a task without progress stays, with fewer and fewer requests', async ({
    open,
    sandbox,
  }) => {
    const id = 'sentinel-stuck~1'
    const page = await open(`/tasks/${id}`)
    await status('Enhancing')(page)
    await page.clock.runFor(600_000)
    expect((await sandbox.state()).requestsByTask[id]).toBeLessThan(60)
    // However long a response took while the page's clock advanced.
    await until(page, page.getByText(/^No progress for \d+ (s|min)$/))
    await progress(42)(page)
    await expect(async () => {
      await page.clock.fastForward(61_000)
      expect((await sandbox.state()).requestsByTask[id]).toBeGreaterThan(3)
    }).toPass()
  })

  test('unconfirmed credits are checked three more times, then no more', async ({
    open,
    sandbox,
  }) => {
    const id = 'sentinel-credits-unconfirmed~1'
    const page = await open(`/tasks/${id}`)
    await credit('10 credits pending')(page)
    await until(page, page.getByText('hasn’t confirmed the deduction'))
    await page.clock.fastForward(3_600_000)
    await text('Checks stopped')(page)
    expect((await sandbox.state()).requestsByTask[id]).toBe(4)
  })

  test('late credits are confirmed by a later request', async ({ open }) => {
    const page = await open('/tasks/sentinel-credits-late~1')
    await credit('10 credits pending')(page)
    await until(page, deducted(page))
    await expect(credits(page).getByTitle('First seen on check 3.')).toBeVisible()
  })

  test('a 429 shows when checks resume, and they resume then', async ({ open }) => {
    const page = await open('/tasks/sentinel-429-then-fine~1')
    await error('Hourly limit reached', /resume at/)(page)
    await expect(page.getByRole('button', { name: 'Check now' })).toBeHidden()
    await page.clock.fastForward(6000)
    await credit('10 credits deducted')(page)
    await expect(page.getByRole('region', { name: 'Hourly limit reached' })).toBeHidden()
  })

  test('occasional failed responses do not stop the polling', async ({ open }) => {
    const page = await open('/tasks/sentinel-flaky~1')
    await progress(10)(page)
    await until(page, page.getByRole('region', { name: 'Upscayl error' }))
    await expect(page.getByRole('progressbar')).toBeVisible()
    await until(page, deducted(page))
  })

  test('a connection that breaks mid-response is an error, and is retried', async ({
    open,
    sandbox,
  }) => {
    const id = 'sentinel-cut-connection~1'
    const page = await open(`/tasks/${id}`)
    await error('Can’t reach Upscayl', retrying)(page)
    await expect(async () => {
      await page.clock.fastForward(61_000)
      expect((await sandbox.state()).requestsByTask[id]).toBeGreaterThan(2)
    }).toPass()
  })
})

test('a task of another account is not found', async ({ open }) => {
  const page = await open('/tasks/sentinel-not-yours')
  await error('Task not found', stopped)(page)
})

test('a response that takes too long becomes a clear error', async ({ page }) => {
  const server = await startServer({ ...AT_REST, LOUPE_UPSTREAM_TIMEOUT: '1' })
  try {
    const { key } = (await (await fetch(`${server.url}/api/sandbox`)).json()) as { key: string }
    await giveKey(page, key)
    await page.goto(`${server.url}/tasks/sentinel-slow`)
    await error('Upscayl didn’t respond in time', retrying)(page)
  } finally {
    await server.stop()
  }
})

test('every sentinel of the sandbox is tested here', async ({ sandbox }) => {
  const { sentinels } = await sandbox.state()
  const dynamic = [
    'slow',
    'stuck',
    'credits-late',
    'cut-connection',
    '429-then-fine',
    '429-midway',
    'flaky',
    'not-yours',
  ]
  expect(sentinels.map(({ id }) => id).sort()).toEqual(
    [...SAMPLE_NAMES, ...dynamic].map((name) => `sentinel-${name}`).sort(),
  )
})
