import type { Locator, Page } from '@playwright/test'
import { SAMPLE_NAMES, type SampleName } from '../src/upscayl/samples.ts'
import { credits, expect, giveKey, test } from './support/fixtures.ts'
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
const stopped = /has stopped asking/
const retrying = /Next try (in \d+ s|now)/

const EXPECTED: Readonly<Record<SampleName, readonly Check[]>> = {
  processing: [status('Processing'), progress(0), credit('Not deducted yet'), files(0)],
  enhancing: [status('Enhancing'), progress(64)],
  'no-progress': [status('Enhancing'), progress(null), text('no progress reported')],
  'hundred-percent': [status('Enhancing'), progress(100), text(/Next question/)],
  processed: [status('Processed'), credit('10 credits deducted'), files(1), links(1)],
  batch: [status('Processed'), credit('60 credits deducted'), files(6)],
  'many-files': [files(40), links(40), text('40 files')],
  'no-files': [status('Processed'), text('returned no files')],
  failed: [status('Failed'), text('ends before its last row'), credit('Not deducted')],
  'failed-without-reason': [status('Failed'), text('the API gives no reason')],
  'credits-unconfirmed': [credit('10 credits, not confirmed'), text(/asks again/)],
  'credits-unknown': [credit('Unknown'), text(/asks again/)],
  expiring: [text(/^Expires in 1:\d\d$/), links(1)],
  // It is only stated, and the host still gives the file.
  expired: [text('expiry not known'), links(1)],
  'no-links': [text('No link reported'), links(0)],
  sparse: [status('Processed'), text('Unnamed file'), text('No link reported')],
  'hostile-values': [
    text('../../x<script>.png'),
    text('outside 1 to 8'),
    text('not a known model'),
    files(4),
    links(3),
  ],
  'endless-words': [progress(33), text(/^33/), text(/^AWAITING_MANUAL_REVIEW_.*…$/)],
  'unknown-status': [status('DEFRAGMENTING'), progress(12)],
  'older-pending': [status('Pending'), progress(0)],
  'older-processing': [status('Processing'), progress(75)],
  'older-completed': [status('Processed'), text(/^Expires in (1 day|23 h \d+ min)$/)],
  'older-failed': [status('Failed'), text('Model crashed')],
  'link-elsewhere': [files(6), links(6)],
  'other-envelope': [status('Processed'), credit('10 credits deducted'), files(1), links(1)],
  'all-text': [
    status('Processed'),
    credit('10 credits deducted'),
    text('2,560 × 1,600 px'),
    links(1),
  ],
  'short-window': [status('Enhancing'), text(/^\d+ of 100 left this hour$/)],
  'retry-after': [status('Enhancing'), text(/^Next question (in \d+ s|now)$/)],
  'error-400-missing-user': [error('This key is not accepted', stopped)],
  'error-400-other': [error('Upscayl refuses the question', stopped), text('taskId is not valid')],
  'error-400-bare': [error('This key is not accepted', stopped)],
  'error-401': [error('This key is not accepted', stopped)],
  'error-402': [error('Not enough credits', stopped), text('the account has 3')],
  'error-404': [error('No such task for this key', stopped)],
  'error-404-bare': [error('No such task for this key', stopped), text('No such document')],
  'error-404-user': [error('This key is not accepted', stopped)],
  'error-429': [error('The allowance of this key is used up', /resume at \d\d:\d\d, in 1:\d\d/)],
  'error-429-sentence': [
    error('The allowance of this key is used up', /resume at \d\d:\d\d, in (59 min|1 h)/),
  ],
  'error-500': [error('Upscayl has a problem', retrying), text('Error getting data')],
  'error-500-bare': [
    error('Upscayl has a problem', retrying),
    text('Error generating links for images'),
  ],
  'error-503': [
    error('Upscayl has a problem', /Next try in (1:\d\d|2 min)/),
    text('Service Unavailable'),
  ],
  'error-in-200': [error('Upscayl has a problem', retrying), text('The task could not be read.')],
  'error-html': [error('Upscayl has a problem', retrying)],
  'error-empty': [error('Upscayl has a problem', retrying)],
  'error-cut-off': [error('Upscayl has a problem', retrying)],
  'error-no-envelope': [error('Upscayl has a problem', retrying)],
}

for (const name of SAMPLE_NAMES) {
  test(`sentinel ${name}`, async ({ forgetful: page }) => {
    await page.goto(`/tasks/sentinel-${name}`)
    for (const check of EXPECTED[name]) await check(page)
    await expect(page.getByText(/NaN|Invalid Date|undefined|null/)).toHaveCount(0)
  })
}

/** Lets the page's own time pass, in steps longer than any wait of the policy, until `what` shows. */
async function until(page: Page, what: Locator): Promise<void> {
  await expect(async () => {
    await page.clock.fastForward(61_000)
    await expect(what).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 120_000 })
}

const deducted = (page: Page) => credits(page).getByText('10 credits deducted', { exact: true })

test.describe('in the course of time', () => {
  test.beforeEach(async ({ page }) => page.clock.install())

  test('a task that never moves stays, and is asked about more seldom', async ({
    open,
    sandbox,
  }) => {
    const id = 'sentinel-stuck~1'
    const page = await open(`/tasks/${id}`)
    await status('Enhancing')(page)
    await page.clock.runFor(600_000)
    expect((await sandbox.state()).requestsByTask[id]).toBeLessThan(60)
    // However long an answer took on its way, while the page's time was made to pass.
    await until(page, page.getByText(/^No progress for \d+ (s|min)$/))
    await progress(42)(page)
    await expect(async () => {
      await page.clock.fastForward(61_000)
      expect((await sandbox.state()).requestsByTask[id]).toBeGreaterThan(3)
    }).toPass()
  })

  test('unconfirmed credits get three more questions, then no more', async ({ open, sandbox }) => {
    const id = 'sentinel-credits-unconfirmed~1'
    const page = await open(`/tasks/${id}`)
    await credit('10 credits, not confirmed')(page)
    await until(page, page.getByText('was asked again and did not confirm'))
    await page.clock.fastForward(3_600_000)
    await text('Loupe has stopped asking')(page)
    expect((await sandbox.state()).requestsByTask[id]).toBe(4)
  })

  test('credits that come late are confirmed by a later question', async ({ open }) => {
    const page = await open('/tasks/sentinel-credits-late~1')
    await credit('10 credits, not confirmed')(page)
    await until(page, deducted(page))
    await text('First seen at question 3')(page)
  })

  test('a 429 shows when checks resume, and they resume then', async ({ open }) => {
    const page = await open('/tasks/sentinel-429-then-fine~1')
    await error('The allowance of this key is used up', /resume at/)(page)
    await expect(page.getByRole('button', { name: 'Ask now' })).toBeHidden()
    await page.clock.fastForward(6000)
    await credit('10 credits deducted')(page)
    await expect(
      page.getByRole('region', { name: 'The allowance of this key is used up' }),
    ).toBeHidden()
  })

  test('answers that fail now and then do not stop a task', async ({ open }) => {
    const page = await open('/tasks/sentinel-flaky~1')
    await progress(10)(page)
    await until(page, page.getByRole('region', { name: 'Upscayl has a problem' }))
    await expect(page.getByRole('progressbar')).toBeVisible()
    await until(page, deducted(page))
  })

  test('a connection that breaks in the middle is an error, and is asked again', async ({
    open,
    sandbox,
  }) => {
    const id = 'sentinel-cut-connection~1'
    const page = await open(`/tasks/${id}`)
    await error('Upscayl cannot be reached', retrying)(page)
    await expect(async () => {
      await page.clock.fastForward(61_000)
      expect((await sandbox.state()).requestsByTask[id]).toBeGreaterThan(2)
    }).toPass()
  })
})

test('a task of another account is not found', async ({ open }) => {
  const page = await open('/tasks/sentinel-not-yours')
  await error('No such task for this key', stopped)(page)
})

test('an answer that takes too long becomes a clear error', async ({ page }) => {
  const server = await startServer({ LOUPE_UPSTREAM_TIMEOUT: '1' })
  try {
    const { key } = (await (await fetch(`${server.url}/api/sandbox`)).json()) as { key: string }
    await giveKey(page, key)
    await page.goto(`${server.url}/tasks/sentinel-slow`)
    await error('Upscayl did not answer in time', retrying)(page)
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
