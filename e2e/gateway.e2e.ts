import type { Browser, Page } from '@playwright/test'
import { credits, expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* Browser profiles that share only a key, on a server that sends one request for all of them. */

interface Profiles {
  readonly own: LoupeServer
  /** A page in another browser profile, with the key. */
  readonly profile: (path: string) => Promise<Page>
}

const profiles = (env: Record<string, string>) =>
  test.extend<Profiles>({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
    own: async ({}, use) => {
      const own = await startServer({ ...WATCHABLE, ...env })
      await use(own)
      await own.stop()
    },
    profile: async ({ own, browser }, use) => {
      const { key } = await sandboxOf(own.url).state()
      const opened: Page[] = []
      await use(async (path) => {
        const page = await newProfile(browser)
        opened.push(page)
        await giveKey(page, key)
        await page.goto(`${own.url}${path}`)
        return page
      })
      for (const page of opened) await page.context().close()
    },
  })

const newProfile = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })).newPage()

const usualQuota = profiles({ LOUPE_HOURLY_QUESTIONS: '100' })
const smallQuota = profiles({ LOUPE_HOURLY_QUESTIONS: '2' })

/** Responses that a page received, by the time they reached the server. */
function responsesOf(page: Page): Set<string> {
  const seen = new Set<string>()
  page.on('response', (response) => {
    const at = /at=(\d+)/.exec(response.headers()['loupe-answer'] ?? '')?.[1]
    if (at !== undefined) seen.add(at)
  })
  return seen
}

usualQuota(
  'two profiles that watch a task send no more requests than one',
  async ({ own, profile }) => {
    const { tasks } = await sandboxOf(own.url).state()
    const id = tasks[0]?.id ?? ''
    const pages = [await profile('/gallery'), await profile('/gallery')]
    const responses = pages.map(responsesOf)
    await Promise.all(pages.map((page) => page.goto(`${own.url}/tasks/${id}`)))
    for (const page of pages) {
      await expect(credits(page).getByText('10 credits deducted')).toBeVisible({ timeout: 120_000 })
    }
    const { requestsByTask, ledger } = await sandboxOf(own.url).state()
    // Every API response was forwarded, and none was requested that nobody saw.
    expect(requestsByTask[id]).toBe(new Set(responses.flatMap((seen) => [...seen])).size)
    expect(ledger.filter(({ taskId }) => taskId === id)).toHaveLength(1)
    // A third profile that opens the task after its end costs no request.
    const late = await profile(`/tasks/${id}`)
    await expect(credits(late).getByText('10 credits deducted')).toBeVisible()
    expect((await sandboxOf(own.url).state()).requestsByTask[id]).toBe(requestsByTask[id])
  },
)

smallQuota(
  'a used-up quota is reported, and cached results are still shown',
  async ({ own, profile }) => {
    const { tasks } = await sandboxOf(own.url).state()
    const done = await sandboxOf(own.url).start('done')
    const running = tasks[0]?.id ?? ''
    const other = await sandboxOf(own.url).start('sparse')
    const first = await profile(`/tasks/${done}`)
    await expect(credits(first).getByText('credits deducted')).toBeVisible()
    await first.goto(`${own.url}/tasks/${running}`)
    await expect(first.getByRole('progressbar')).toBeVisible()

    const second = await profile(`/tasks/${running}`)
    await expect(second.getByRole('progressbar')).toBeVisible()
    await second.getByRole('button', { name: /of \d+ checks left/ }).click()
    const dialog = second.getByRole('dialog', { name: 'Status checks' })
    await expect(dialog.getByText('Shared by everyone who uses this key here')).toBeVisible()
    await expect(dialog.getByRole('textbox')).toBeHidden()
    await second.goto(`${own.url}/tasks/${done}`)
    await expect(credits(second).getByText('credits deducted')).toBeVisible()
    await second.goto(`${own.url}/tasks/${other}`)
    await expect(second.getByRole('heading', { name: /Hourly limit reached/ })).toBeVisible()
    await expect(second.getByText(/Checks resume at/).first()).toBeVisible()
    const { requestsByTask } = await sandboxOf(own.url).state()
    expect([requestsByTask[done], requestsByTask[running], requestsByTask[other]]).toEqual([
      1,
      1,
      undefined,
    ])
  },
)
