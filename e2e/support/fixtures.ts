import { type Browser, test as base, expect, type Locator, type Page } from '@playwright/test'
import { startBrowser } from './browser.ts'
import type { FileHost } from './file-host.ts'
import { startHost } from './file-tasks.ts'
import { DESK } from './gallery.ts'
import { type LoupeServer, startServer } from './server.ts'

/** Response of GET /api/sandbox. */
export interface SandboxState {
  readonly key: string
  readonly tasks: readonly { readonly id: string; readonly title: string }[]
  readonly sentinels: readonly { readonly id: string; readonly says: string }[]
  readonly ledger: readonly { readonly taskId: string; readonly credits: number }[]
  readonly requestsByTask: Readonly<Record<string, number>>
}

export interface SandboxClient {
  readonly state: () => Promise<SandboxState>
  /** Starts a fresh demo task and returns its ID. */
  readonly start: (demo: string) => Promise<string>
}

interface TestFixtures {
  readonly sandbox: SandboxClient
  /** Opens a page of the app with the sandbox key in this tab. */
  readonly open: (path: string) => Promise<Page>
  /** Errors and warnings of `gallery` since this test began. */
  readonly complaints: () => readonly string[]
  /** One page per worker, with the sandbox key; its storage is cleared before each test. */
  readonly forgetful: Page
}

/** Console warnings and errors, and failed requests. */
const complaintsOf = new WeakMap<Page, string[]>()

function listen(page: Page): void {
  const complaints: string[] = []
  complaintsOf.set(page, complaints)
  page.on('console', (message) => {
    if (/error|warning/.test(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('requestfailed', (request) => {
    complaints.push(`${request.url()}: ${request.failure()?.errorText}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()}: ${response.status()}`)
  })
}

/**
 * All in one place: a test with worker fixtures of its own would get another worker, browser and
 * server.
 */
interface WorkerFixtures {
  /** Shared by the tests of a worker; tasks in its sandbox do not progress. */
  readonly server: LoupeServer
  /** One page per worker: the gallery keeps no state between URLs. */
  readonly gallery: Page
  /** The page behind `forgetful`, before its storage is cleared. */
  readonly keyed: Page
  /** An API whose files are on another origin. */
  readonly host: FileHost
  /** Proxies between the browser and `host`. */
  readonly filesServer: LoupeServer
}

/**
 * One task, slow enough to be watched and fast enough for a test: about 15 s. More tasks would be
 * upscaled at the same time, which costs more CPU than the rest of the test.
 */
export const WATCHABLE = { LOUPE_SANDBOX_PACE: '0.25', LOUPE_SANDBOX_DEMOS: 'running' }

/** No task progresses, and only the smallest demo exists: upscaling all demos takes 4 s of CPU time. */
export const AT_REST = { LOUPE_SANDBOX_PACE: '100', LOUPE_SANDBOX_DEMOS: 'sparse' }

export const sandboxOf = (url: string): SandboxClient => ({
  state: async () => (await fetch(`${url}/api/sandbox`)).json() as Promise<SandboxState>,
  start: async (demo) => {
    const response = await fetch(`${url}/api/sandbox/tasks`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ demo }),
    })
    return ((await response.json()) as { id: string }).id
  },
})

/** Playwright's settings apply to pages of tests, not to one that a worker keeps. */
const pageOf = (browser: Browser, { url }: LoupeServer): Promise<Page> =>
  browser.newPage({
    baseURL: url,
    viewport: DESK,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    serviceWorkers: 'block',
  })

/** Started when a test of the worker first needs it, stopped with the worker. */
const lasting =
  <T extends { readonly stop: () => Promise<void> }>(start: () => Promise<T>) =>
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  async ({}: object, use: (started: T) => Promise<void>): Promise<void> => {
    const started = await start()
    await use(started)
    await started.stop()
  }

export const test = base.extend<TestFixtures, WorkerFixtures>({
  browser: [
    async ({ launchOptions }, use) => {
      const browser = await startBrowser(launchOptions)
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  server: [lasting(() => startServer(AT_REST)), { scope: 'worker' }],
  host: [lasting(startHost), { scope: 'worker' }],
  filesServer: [
    async ({ host }, use) => lasting(() => startServer({ UPSCAYL_API_URL: host.url }))({}, use),
    { scope: 'worker' },
  ],
  gallery: [
    async ({ browser, server }, use) => {
      const page = await pageOf(browser, server)
      listen(page)
      await use(page)
      await page.close()
    },
    { scope: 'worker' },
  ],
  keyed: [
    async ({ browser, server }, use) => {
      const page = await pageOf(browser, server)
      await giveKey(page, (await sandboxOf(server.url).state()).key)
      await use(page)
      await page.close()
    },
    { scope: 'worker' },
  ],
  forgetful: async ({ keyed, server }, use) => {
    // Closed first: an open page could still write.
    await keyed.goto('about:blank')
    const client = await keyed.context().newCDPSession(keyed)
    const storageTypes = 'local_storage,indexeddb'
    await client.send('Storage.clearDataForOrigin', { origin: server.url, storageTypes })
    await client.detach()
    await use(keyed)
  },
  complaints: async ({ gallery }, use) => {
    const complaints = complaintsOf.get(gallery) ?? []
    complaints.length = 0
    await use(() => complaints)
  },
  baseURL: async ({ server }, use) => use(server.url),
  sandbox: async ({ server }, use) => use(sandboxOf(server.url)),
  open: async ({ page, sandbox }, use) => {
    await use(async (path) => {
      await giveKey(page, (await sandbox.state()).key)
      await page.goto(path)
      return page
    })
  },
})

/** The page's credits section, without the live regions for screen readers. */
export const credits = (page: Page) => page.getByRole('region', { name: 'Credits' })

/** Stores a key in the tab before the page's own code runs, unless it has one. */
export async function giveKey(page: Page, key: string): Promise<void> {
  await page.addInitScript((value) => {
    if (sessionStorage.getItem('loupe:api-key') === null) {
      sessionStorage.setItem('loupe:api-key', value)
    }
  }, key)
}

/**
 * Opens the dialog of the shortcuts by its key. The code of all keys loads after the page: until
 * then a key does nothing.
 */
export async function openShortcuts(page: Page): Promise<Locator> {
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(async () => {
    await page.keyboard.press('?')
    await expect(dialog).toBeVisible({ timeout: 1000 })
  }).toPass()
  return dialog
}

/** Waits until a key of the page works. */
export async function keyReady(page: Page, label: string): Promise<void> {
  const dialog = await openShortcuts(page)
  await expect(dialog.getByText(label, { exact: true }).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
}

/**
 * Advances the page's clock, in one step longer than any wait of the schedule, until the next check
 * is answered. More steps meanwhile would be its timeout, which is by the same clock.
 */
export async function nextCheck(page: Page): Promise<void> {
  const response = page.waitForResponse('**/api/get-task-status*')
  await page.clock.fastForward(61_000)
  await response
}

/** Removes the key through its menu in the header. */
export async function removeKey(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^API key/ }).click()
  await page.getByRole('menuitem', { name: 'Remove key', exact: true }).click()
}

export { expect }
