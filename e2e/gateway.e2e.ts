import type { Browser, Page } from '@playwright/test'
import { credits, expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/* Browsers that share nothing but a key, before a server that asks once for all of them. */

interface Stage {
  readonly own: LoupeServer
  /** A page of another browser profile, with the key. */
  readonly profile: (path: string) => Promise<Page>
}

const profiles = (env: Record<string, string>) =>
  test.extend<Stage>({
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

const asTheAPI = profiles({ LOUPE_HOURLY_QUESTIONS: '100' })
const scarce = profiles({ LOUPE_HOURLY_QUESTIONS: '2' })

/** Which answers came to a page, by when they came to the server. */
function answersTo(page: Page): Set<string> {
  const seen = new Set<string>()
  page.on('response', (response) => {
    const at = /at=(\d+)/.exec(response.headers()['loupe-answer'] ?? '')?.[1]
    if (at !== undefined) seen.add(at)
  })
  return seen
}

asTheAPI(
  'two profiles that watch a task ask the API no more than one',
  async ({ own, profile }) => {
    const { tasks } = await sandboxOf(own.url).state()
    const id = tasks[0]?.id ?? ''
    const pages = [await profile('/gallery'), await profile('/gallery')]
    const answers = pages.map(answersTo)
    await Promise.all(pages.map((page) => page.goto(`${own.url}/tasks/${id}`)))
    for (const page of pages) {
      await expect(credits(page).getByText('10 credits deducted')).toBeVisible({ timeout: 120_000 })
    }
    const { requestsByTask, ledger } = await sandboxOf(own.url).state()
    // Each answer that the API gave was given on, and nothing was asked that nobody saw.
    expect(requestsByTask[id]).toBe(new Set(answers.flatMap((seen) => [...seen])).size)
    expect(ledger.filter(({ taskId }) => taskId === id)).toHaveLength(1)
    // A third that comes after the end costs nothing at all.
    const late = await profile(`/tasks/${id}`)
    await expect(credits(late).getByText('10 credits deducted')).toBeVisible()
    expect((await sandboxOf(own.url).state()).requestsByTask[id]).toBe(requestsByTask[id])
  },
)

scarce(
  'what is used up is told, and what is known is shown all the same',
  async ({ own, profile }) => {
    const { tasks } = await sandboxOf(own.url).state()
    const done = await sandboxOf(own.url).start('done')
    const [running, other] = [tasks[0]?.id ?? '', tasks[1]?.id ?? '']
    const first = await profile(`/tasks/${done}`)
    await expect(credits(first).getByText('credits deducted')).toBeVisible()
    await first.goto(`${own.url}/tasks/${running}`)
    await expect(first.getByRole('progressbar')).toBeVisible()

    const second = await profile(`/tasks/${running}`)
    await expect(second.getByRole('progressbar')).toBeVisible()
    await second.getByRole('button', { name: /^No questions until/ }).click()
    const dialog = second.getByRole('dialog', { name: 'Questions to Upscayl' })
    await expect(dialog.getByText('This server counts the questions of everybody')).toBeVisible()
    await expect(dialog.getByRole('textbox')).toBeHidden()
    await second.goto(`${own.url}/tasks/${done}`)
    await expect(credits(second).getByText('credits deducted')).toBeVisible()
    await second.goto(`${own.url}/tasks/${other}`)
    await expect(
      second.getByRole('heading', { name: /allowance of this key is used up/ }),
    ).toBeVisible()
    await expect(second.getByText(/Checks resume at/).first()).toBeVisible()
    const { requestsByTask } = await sandboxOf(own.url).state()
    expect([requestsByTask[done], requestsByTask[running], requestsByTask[other]]).toEqual([
      1,
      1,
      undefined,
    ])
  },
)
