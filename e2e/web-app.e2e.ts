import type { Page } from '@playwright/test'
import { addressOf, DEFAULT_AT } from '../src/gallery/address.ts'
import {
  test as base,
  expect,
  giveKey,
  openShortcuts,
  removeKey,
  sandboxOf,
} from './support/fixtures.ts'
import { addTasks, row } from './support/list.ts'
import { type ReleasedServer, startReleases } from './support/releases.ts'

/*
 * Loupe as an app: it opens without a network, a release breaks no open page, and nothing of the key or
 * of the API is kept by the service worker.
 */

const test = base.extend<{ readonly app: ReleasedServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  app: async ({}, use) => {
    const app = await startReleases()
    await use(app)
    await app.stop()
  },
})

test.use({ serviceWorkers: 'allow' })

/** Waits until all files are stored, and the worker answers for the page. */
const installed = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller !== null)

async function visit(page: Page, app: ReleasedServer, path: string): Promise<void> {
  await giveKey(page, (await sandboxOf(app.url).state()).key)
  await page.goto(app.url + path)
  await installed(page)
}

const IDS = ['sentinel-processed~kept', 'sentinel-failed~kept']

test('the second visit shows the list and its tasks without a network', async ({ page, app }) => {
  await visit(page, app, '/')
  await expect(notice(page)).toHaveCount(0)
  await addTasks(page, IDS)
  await expect(row(page, 'processed~kept')).toContainText('Done')
  await app.kill()
  await page.goto(`${app.url}/`)
  await expect(row(page, 'processed~kept')).toContainText('Done')
  await expect(page.getByText('Can’t reach the Loupe server.')).toBeVisible()
  await page.goto(`${app.url}/tasks/${IDS[0]}`)
  await expect(page.getByText('Done', { exact: true })).toBeVisible()
  await page.goto(`${app.url}/new`)
  await expect(page.getByRole('heading', { name: 'New task' })).toBeVisible()
})

const areImagesThere = (page: Page) =>
  page
    .locator('img')
    .evaluateAll((all) =>
      all.every((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
    )

test('the sandbox is not denied while the server is away, and there once it is back', async ({
  page,
  app,
}) => {
  await visit(page, app, '/')
  await app.kill()
  await page.goto(`${app.url}/sandbox`)
  await expect(page.getByText('Can’t reach the Loupe server.')).toBeVisible()
  await expect(page.getByText('No sandbox here')).toHaveCount(0)
  await app.restart()
  await expect(page.getByRole('heading', { name: 'Sandbox', level: 1 })).toBeVisible()
})

test('without a key and a network, the key page is there, and then an empty list', async ({
  page,
  app,
}) => {
  await page.goto(app.url)
  await installed(page)
  await app.kill()
  await page.goto(`${app.url}/credits`)
  await expect(page.getByLabel('API key')).toBeVisible()
  await expect.poll(() => areImagesThere(page)).toBe(true)
  await page.getByLabel('API key').fill('a-key-of-no-account')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.goto(app.url)
  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible()
  await expect.poll(() => areImagesThere(page)).toBe(true)
  const view = { theme: 'light', at: DEFAULT_AT, width: null } as const
  await page.goto(app.url + addressOf('ledger-plain', view))
  await expect(page.locator('main img').first()).toBeVisible()
  await expect.poll(() => areImagesThere(page)).toBe(true)
})

/** What the service worker keeps: URLs, headers and texts. */
const everythingKept = (page: Page) =>
  page.evaluate(async () => {
    const kept: string[] = []
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = await cache.match(request)
        const headers = JSON.stringify([...(response?.headers ?? [])])
        kept.push(`${request.url} ${headers} ${(await response?.text()) ?? ''}`)
      }
    }
    return kept
  })

test('no cache has anything of the key, of the API or of other origins', async ({ page, app }) => {
  const { key } = await sandboxOf(app.url).state()
  await visit(page, app, '/tasks/sentinel-processed~secret')
  await expect(page.getByRole('link', { name: /^Download/ }).first()).toBeVisible()
  await page.goto(`${app.url}/?key=${key}`)
  await expect(page.getByText('An API key was in the URL').last()).toBeVisible()
  await page.goto(`${app.url}/s/a-token-that-grants-access`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const kept = await everythingKept(page)
  expect(kept.length).toBeGreaterThan(30)
  for (const one of kept) {
    expect(one).not.toContain(key)
    expect(one).not.toContain('sentinel-processed~secret')
    expect(one).not.toContain('a-token-that-grants-access')
    const { origin, pathname } = new URL(one.split(' ')[0] ?? '')
    expect(origin).toBe(app.url)
    expect(pathname).toMatch(/^\/(?:assets\/|pictures\/|favicon\.svg$|\w+\.html$)/)
  }
  const html = kept.find((one) => one.includes('/index.html')) ?? ''
  expect(html).toContain("default-src 'none'")
})

const notice = (page: Page) =>
  page.getByRole('status').filter({ hasText: 'A new version is ready' })

/** The name of the first script, which differs between releases. */
const versionOf = (page: Page) => page.locator('script[type=module]').first().getAttribute('src')

/** It would have the old files, too, until the browser needs the space. */
async function clearHttpCache(page: Page): Promise<void> {
  const client = await page.context().newCDPSession(page)
  await client.send('Network.clearBrowserCache')
  await client.detach()
}

test('a release breaks no open page, which offers it', async ({ context, page, app }) => {
  await page.clock.install()
  await visit(page, app, '/')
  const before = await versionOf(page)
  const failed: string[] = []
  page.on('pageerror', (error) => failed.push(String(error)))
  await app.release()
  await clearHttpCache(page)
  // Parts that had not loaded: they are on no server any more.
  await page.getByRole('button', { name: /of 100 checks left|No limit/ }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.clock.fastForward('01:01:00')
  // Not while a dialog is open.
  await page.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    return registration?.waiting != null
  })
  await page.clock.fastForward(6000)
  await expect(notice(page)).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.clock.fastForward(6000)
  await expect(notice(page)).toBeVisible()

  // Another tab starts with the old version, and changes to the new one.
  const other = await context.newPage()
  await visit(other, app, '/')
  expect(await versionOf(other)).toBe(before)
  await notice(other).getByRole('button', { name: 'Reload' }).click()
  await expect.poll(() => versionOf(other)).not.toBe(before)
  await installed(other)
  await expect(notice(other)).toHaveCount(0)

  // The first one was not reloaded, still loads what it lacks, and goes on offering it.
  expect(await versionOf(page)).toBe(before)
  await clearHttpCache(page)
  const loaded: string[] = []
  page.on('response', (response) => loaded.push(response.url()))
  await openShortcuts(page)
  expect(loaded.filter((url) => url.includes('/assets/'))).not.toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByText(/didn’t load/)).toHaveCount(0)
  await expect(notice(page)).toBeVisible()
  await notice(page).getByRole('button', { name: 'Dismiss' }).click()
  await expect(notice(page)).toHaveCount(0)
  await page.reload()
  expect(await versionOf(page)).toBe(await versionOf(other))
  expect(failed).toEqual([])
})

test('a new version is not offered while something is written or sent', async ({ page, app }) => {
  await page.clock.install()
  await page.goto(app.url)
  await installed(page)
  await expect(notice(page)).toHaveCount(0)
  const field = page.getByLabel('API key')
  await field.fill('half a key')
  await app.release()
  await page.clock.fastForward('01:01:00')
  await page.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    return registration?.waiting != null
  })
  const tryAgain = () => page.clock.runFor(6000)
  await tryAgain()
  await expect(notice(page)).toHaveCount(0)
  // As uploads and downloads do while they run.
  await page.evaluate(() => {
    const confirm = (event: Event) => event.preventDefault()
    addEventListener('beforeunload', confirm)
    addEventListener('sent', () => removeEventListener('beforeunload', confirm))
  })
  await field.blur()
  await tryAgain()
  await expect(notice(page)).toHaveCount(0)
  await page.evaluate(() => dispatchEvent(new Event('sent')))
  await tryAgain()
  await expect(notice(page)).toBeVisible()
  await expect(field).toHaveValue('half a key')
})

test('when all pages are closed, the next one is of the new version, and old files go', async ({
  context,
  page,
  app,
}) => {
  await visit(page, app, '/')
  const before = await versionOf(page)
  await app.release()
  await page.reload()
  await expect(notice(page)).toBeVisible()
  expect(await versionOf(page)).toBe(before)
  await page.close()
  const next = await context.newPage()
  await expect
    .poll(async () => {
      await visit(next, app, '/')
      return versionOf(next)
    })
    .not.toBe(before)
  const old = (await everythingKept(next)).filter((one) => one.startsWith(app.url + before))
  expect(old).toEqual([])
})

test('half a file is not kept, and Loupe works without its worker', async ({ page, app }) => {
  await app.halve('favicon.svg')
  await giveKey(page, (await sandboxOf(app.url).state()).key)
  await page.goto(`${app.url}/`)
  const state = await page.evaluate(async () => {
    const { installing } = await navigator.serviceWorker.register('/sw.js')
    return new Promise((resolve) =>
      installing?.addEventListener('statechange', () => resolve(installing.state)),
    )
  })
  expect(state).toBe('redundant')
  await addTasks(page, IDS)
  await expect(row(page, 'processed~kept')).toContainText('Done')
})

test('a cache that cannot be read does no harm', async ({ page, app, context }) => {
  await visit(page, app, '/')
  const [worker] = context.serviceWorkers()
  await worker?.evaluate(() => {
    CacheStorage.prototype.match = () => Promise.reject(new DOMException('', 'UnknownError'))
  })
  await page.reload()
  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible()
})

test('a server without the worker removes it', async ({ page, app }) => {
  await visit(page, app, '/')
  await app.remove('sw.js')
  await page.reload()
  await notice(page).getByRole('button', { name: 'Reload' }).click()
  await expect
    .poll(() =>
      page.evaluate(async () => [
        (await navigator.serviceWorker.getRegistrations()).length,
        Number(await caches.has('loupe-files')),
      ]),
    )
    .toEqual([0, 0])
})

/** As the device does it with images that are shared to the installed app. */
const shareImages = (page: Page, count: number) =>
  page.evaluate(async (count) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 })
    const files = new DataTransfer()
    for (let n = 1; n <= count; n++) {
      canvas.getContext('2d')?.fillRect(0, 0, n, n)
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done))
      files.items.add(new File([blob ?? ''], `photo ${n} ü%.png`, { type: 'image/png' }))
    }
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '/new' })
    const input = Object.assign(document.createElement('input'), { type: 'file', name: 'images' })
    input.multiple = true
    input.files = files.files
    form.append(input)
    document.body.append(form)
    form.submit()
  }, count)

test('images that are shared to the app are those of a new task', async ({ page, app }) => {
  await visit(page, app, '/')
  await app.kill()
  await shareImages(page, 2)
  await expect(page.getByText('photo 1 ü%.png').first()).toBeVisible()
  await expect(page.getByText('photo 2 ü%.png').first()).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/new')
  // They are taken once.
  await page.reload()
  await expect(page.getByRole('heading', { name: 'New task' })).toBeVisible()
  expect(
    await page.evaluate(
      async () => (await (await caches.open('loupe-shared-images')).keys()).length,
    ),
  ).toBe(0)
})

test('images that are shared before the key is there wait for it', async ({ page, app }) => {
  await page.goto(app.url)
  await installed(page)
  await shareImages(page, 1)
  await page.getByRole('button', { name: 'Open the sandbox' }).click()
  await expect(page.getByText('photo 1 ü%.png').first()).toBeVisible()
})

test('more than can be kept: those that arrived are there, and the page says so', async ({
  page,
  app,
}) => {
  await visit(page, app, '/')
  await shareImages(page, 51)
  await expect(page.getByText('Not all shared images arrived. Add them here.')).toBeVisible()
  await expect(page.getByText('photo 50 ü%.png').first()).toBeVisible()
  await expect(page.getByText('photo 51 ü%.png')).toHaveCount(0)
})

test('without a service worker, shared images open New task, which says so', async ({
  browser,
  app,
}) => {
  const page = await browser.newPage({ serviceWorkers: 'block' })
  await giveKey(page, (await sandboxOf(app.url).state()).key)
  await page.goto(app.url)
  await shareImages(page, 1)
  await expect(page.getByText('Not all shared images arrived. Add them here.')).toBeVisible()
  await expect.poll(() => new URL(page.url()).search).toBe('')
  await page.close()
})

test('the badge of the app is the number of running tasks', async ({ page, app }) => {
  await page.addInitScript(() => {
    const badges: number[] = []
    const show = async (count = 0) => void badges.push(count)
    Object.assign(navigator, { setAppBadge: show, clearAppBadge: show })
    Object.assign(window, { badges })
  })
  const badge = () =>
    page.evaluate(() => (window as unknown as { badges: readonly number[] }).badges.at(-1))
  await visit(page, app, '/')
  await expect.poll(badge).toBe(0)
  await addTasks(page, ['sentinel-enhancing~1', 'sentinel-enhancing~2', 'sentinel-processed~1'])
  await expect(page.getByRole('link', { name: '2 running' })).toBeVisible()
  await expect.poll(badge).toBe(2)
  await removeKey(page)
  await expect.poll(badge).toBe(0)
})

test('the browser’s own bars have the colour of the theme', async ({ page, app }) => {
  const color = () => page.locator('meta[name=theme-color][media="all"]').getAttribute('content')
  await page.addInitScript(() => localStorage.setItem('loupe:theme', 'dark'))
  await page.goto(app.url)
  await expect.poll(color).toBe('#14161a')
  await page.getByRole('button', { name: /^Theme: dark/ }).click()
  await expect.poll(color).toBe('#ffffff')
})

test('the manifest names what there is', async ({ page, app }) => {
  const link = await (await page.request.get(app.url)).text()
  expect(link).toContain('<link rel="manifest" href="/manifest.webmanifest"')
  const response = await page.request.get(`${app.url}/manifest.webmanifest`)
  expect(response.headers()['content-type']).toMatch(/^application\/manifest\+json/)
  const { icons, shortcuts } = await response.json()
  for (const { src, sizes } of icons) {
    await page.goto(app.url + src)
    const width = await page
      .locator('img')
      .evaluate((image: HTMLImageElement) => image.naturalWidth)
    expect(`${width}x${width}`).toBe(sizes)
  }
  expect(shortcuts.map(({ url }: { url: string }) => url)).toEqual(['/new', '/credits'])
})
