import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import type { Page } from '@playwright/test'
import { createApp } from '../../server/app.ts'
import { createSandbox } from '../../server/sandbox/sandbox.ts'
import { serveDashboard } from '../../server/static.ts'
import { DEFAULT_AT, THEMES } from '../../src/pages/gallery/address.ts'
import { expect } from '../support/fixtures.ts'
import { test as base, comparePicture, eachWidth } from './picture.ts'

/*
 * Each page of the real program: the server and the sandbox themselves, at a time that stands still on
 * both sides, since what they tell is full of times.
 */

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

interface StillServer {
  readonly url: string
  readonly key: string
}

const test = base.extend<object, { still: StillServer }>({
  still: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
    async ({}, use) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'loupe-visual-'))
      const sandbox = await createSandbox({ dataDir, pace: 100, now: () => DEFAULT_AT })
      const { fetch } = createApp({
        upstream: async (request) => {
          const { status, headers, body } = await sandbox.fetch(request)
          const dated = new Headers(headers)
          dated.set('date', new Date(DEFAULT_AT).toUTCString())
          return new Response(body, { status, headers: dated })
        },
        timeoutMs: 10_000,
        sandbox: true,
        names: { host: '127.0.0.1', origin: null },
        site: serveDashboard(DIST),
      })
      const server = serve({ fetch, port: 0, hostname: '127.0.0.1' })
      if (!server.listening) await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      await use({ url: `http://127.0.0.1:${port}`, key: sandbox.key })
      server.close()
      await sandbox.close()
      await rm(dataDir, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
})

interface Shot {
  readonly path: string
  readonly keyGiven: boolean
  /** What is there when the page is whole. */
  readonly shows: (page: Page) => ReturnType<Page['getByText']>
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name })

const PAGES: Readonly<Record<string, Shot>> = {
  key: { path: '/', keyGiven: false, shows: heading('No account?') },
  home: { path: '/', keyGiven: true, shows: heading('Recordings') },
  running: {
    path: '/tasks/sentinel-enhancing',
    keyGiven: true,
    shows: (page) => page.getByRole('button', { name: 'Record for a bug report' }),
  },
  done: {
    // Without pictures: their round corners come out a shade otherwise now and then. The gallery has them.
    path: '/tasks/sentinel-no-files',
    keyGiven: true,
    shows: (page) => page.getByRole('button', { name: 'Record for a bug report' }),
  },
  refused: {
    path: '/tasks/sentinel-error-404',
    keyGiven: true,
    shows: heading('No such task for this key'),
  },
  'no-task-id': {
    path: '/tasks/two%20words',
    keyGiven: true,
    shows: heading('This address holds no task id'),
  },
  nowhere: { path: '/nowhere', keyGiven: true, shows: heading('There is no page') },
  replay: { path: '/gallery/replay', keyGiven: false, shows: heading('Replay a recording') },
}

/** Where the time stands still no deadline comes: nothing is asked a second time while pictures are taken. */
const holdTimers = () => {
  const LONG = 500
  const { setTimeout: timeout, setInterval: interval } = window
  Object.assign(window, {
    setTimeout: (call: TimerHandler, ms = 0) => (ms < LONG ? timeout(call, ms) : 0),
    setInterval: (call: TimerHandler, ms = 0) => (ms < LONG ? interval(call, ms) : 0),
  })
}

for (const [name, { path, keyGiven, shows }] of Object.entries(PAGES)) {
  test(`the program: ${name}`, async ({ page, still }) => {
    await page.clock.setFixedTime(DEFAULT_AT)
    await page.addInitScript(holdTimers)
    await page.addInitScript(
      ({ key }) => {
        localStorage.clear()
        if (key === null) sessionStorage.clear()
        else sessionStorage.setItem('loupe:api-key', key)
      },
      { key: keyGiven ? still.key : null },
    )
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme })
      await page.goto(`${still.url}${path}`)
      await expect(shows(page)).toBeVisible()
      await eachWidth(page, (width) => comparePicture(page, `program/${name}-${theme}-${width}`))
    }
  })
}
