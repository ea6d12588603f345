import { test as base, expect, type Page } from '@playwright/test'
import { type LoupeServer, startServer } from './server.ts'

/** What GET /api/sandbox tells. */
export interface SandboxState {
  readonly key: string
  readonly tasks: readonly { readonly id: string; readonly title: string }[]
  readonly sentinels: readonly { readonly id: string; readonly says: string }[]
  readonly ledger: readonly { readonly taskId: string; readonly credits: number }[]
  readonly requestsByTask: Readonly<Record<string, number>>
}

export interface SandboxClient {
  readonly state: () => Promise<SandboxState>
  /** Starts a fresh demo task and returns its id. */
  readonly start: (demo: string) => Promise<string>
}

interface TestFixtures {
  readonly sandbox: SandboxClient
  /** Opens a page of the program with the sandbox key in this tab. */
  readonly open: (path: string) => Promise<Page>
}

interface WorkerFixtures {
  /** Shared by the tests of a worker; its sandbox is fast. */
  readonly server: LoupeServer
}

/** Slow enough to be watched, fast enough for a test: the running demo takes about 15 s. */
export const WATCHABLE = { LOUPE_SANDBOX_PACE: '0.25' }

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

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
    async ({}, use) => {
      const server = await startServer({ LOUPE_SANDBOX_PACE: '0.02' })
      await use(server)
      await server.stop()
    },
    { scope: 'worker' },
  ],
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

/** What the page says of the credits, outside of what only a screen reader hears. */
export const credits = (page: Page) => page.getByRole('region', { name: 'Credits' })

/** Gives the tab a key before the page's own code runs, unless it has one. */
export async function giveKey(page: Page, key: string): Promise<void> {
  await page.addInitScript((value) => {
    if (sessionStorage.getItem('loupe:api-key') === null) {
      sessionStorage.setItem('loupe:api-key', value)
    }
  }, key)
}

export { expect }
