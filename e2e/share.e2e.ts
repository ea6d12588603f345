import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { Hono } from 'hono'
import decodeQr from 'qr/decode.js'
import sharp from 'sharp'
import { serveDashboard } from '../server/node/static.ts'
import { expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { addTasks } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/** The receiver: another browser profile without a key. Everything it receives is kept for searching. */
interface Receiver {
  readonly page: Page
  /** Paths under /api that it requested. */
  readonly apiPaths: string[]
  /** Every body, header and URL that it received. */
  readonly received: () => Promise<string>
}

async function receiver(browser: Browser): Promise<Receiver & { context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })
  const page = await context.newPage()
  const apiPaths: string[] = []
  const bytes: Promise<string>[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/api')) apiPaths.push(pathname)
    const body = response.body().then(
      (buffer) => buffer.toString('latin1'),
      () => '',
    )
    bytes.push(
      Promise.all([body, response.allHeaders()]).then(
        ([text, headers]) => `${response.url()}\n${JSON.stringify(headers)}\n${text}`,
        // Left before it was complete.
        () => '',
      ),
    )
  })
  return { context, page, apiPaths, received: async () => (await Promise.all(bytes)).join('\n') }
}

/** The key itself and its simple encodings. */
const encodingsOf = (key: string) => [
  key,
  Buffer.from(key).toString('base64').replace(/=+$/, ''),
  Buffer.from(key).toString('base64url'),
  Buffer.from(key).toString('hex'),
]

async function expectWithout(key: string, { page, received }: Receiver) {
  const stores = await page.evaluate(() =>
    JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]),
  )
  const all = `${await received()}\n${await page.content()}\n${stores}`
  for (const form of encodingsOf(key)) expect(all).not.toContain(form)
}

const share = (page: Page) => page.getByRole('dialog', { name: /^Share/ })

async function openShare(page: Page, kind: 'Public link' | 'Private link' | 'Snapshot') {
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await share(page).getByText(kind, { exact: true }).first().click()
}

const linkIn = (page: Page, kind: string) => share(page).getByRole('textbox', { name: kind })

const shareTest = test.extend<{ other: Receiver }>({
  other: async ({ browser }, use) => {
    const { context, ...other } = await receiver(browser)
    await use(other)
    await context.close()
  },
})

shareTest(
  'a private link prompts the receiver for a key and continues to the task',
  async ({ open, sandbox, other }) => {
    const { key } = await sandbox.state()
    const page = await open('/tasks/sentinel-processed~sh1')
    await openShare(page, 'Private link')
    const url = await linkIn(page, 'Private link').inputValue()
    expect(url).not.toContain(key)
    await other.page.goto(url)
    await other.page.getByRole('textbox', { name: 'API key' }).fill(key)
    await other.page.getByRole('button', { name: 'Continue' }).click()
    await expect(other.page.getByRole('heading', { level: 1, name: 'dunes.png' })).toBeVisible()
    await expect(other.page.getByText('Done', { exact: true }).first()).toBeVisible()
  },
)

shareTest(
  'a snapshot shows the last state, sends no request, and contains no key',
  async ({ open, sandbox, other, context }) => {
    const { key } = await sandbox.state()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await open('/tasks/sentinel-processed~sh2')
    await expect(page.getByText('Done', { exact: true }).first()).toBeVisible()
    const before = (await sandbox.state()).requestsByTask['sentinel-processed~sh2']
    await openShare(page, 'Snapshot')
    const preview = share(page).getByRole('region', { name: 'Preview' })
    await expect(preview.getByText('It does not update.')).toBeVisible()
    await share(page).getByRole('button', { name: 'Copy link' }).click()
    await expect(share(page).getByText('Link copied.')).toBeVisible()
    const url = await page.evaluate(() => navigator.clipboard.readText())
    expect(url.length).toBeLessThan(4000)
    for (const form of encodingsOf(key)) expect(url).not.toContain(form)

    await other.page.goto(url)
    await expect(other.page.getByText('It does not update.')).toBeVisible()
    await expect(other.page.getByText('Done', { exact: true }).first()).toBeVisible()
    await expect(other.page.getByText('Download', { exact: true })).toHaveCount(0)
    expect(other.apiPaths).toEqual([])
    expect((await sandbox.state()).requestsByTask['sentinel-processed~sh2']).toBe(before)
    await expectWithout(key, other)
  },
)

shareTest(
  'a snapshot with a passphrase, with download links if selected',
  async ({ open, other }) => {
    const page = await open('/tasks/sentinel-processed~sh3')
    await expect(page.getByText('Done', { exact: true }).first()).toBeVisible()
    await openShare(page, 'Snapshot')
    await share(page).getByRole('radio', { name: '+ full files' }).check()
    await share(page)
      .getByRole('checkbox', { name: /passphrase/ })
      .check()
    await expect(linkIn(page, 'Snapshot link')).toHaveCount(0)
    await share(page).getByRole('textbox', { name: 'Passphrase' }).fill('four unusual words here')
    const url = await linkIn(page, 'Snapshot link').inputValue()

    await other.page.goto(url)
    await other.page.getByLabel('Passphrase').fill('four usual words here')
    await other.page.getByRole('button', { name: 'Open snapshot' }).click()
    await expect(other.page.getByRole('alert')).toContainText('Wrong passphrase')
    await other.page.getByLabel('Passphrase').fill('four unusual words here')
    await other.page.getByRole('button', { name: 'Open snapshot' }).click()
    await expect(other.page.getByRole('link', { name: /Download/ })).toBeVisible()
    expect(other.apiPaths).toEqual([])
  },
)

shareTest('a public link works without a key until it is revoked', async ({ browser, other }) => {
  const server: LoupeServer = await startServer({ ...WATCHABLE, LOUPE_SANDBOX_PACE: '0.5' })
  const context = await browser.newContext({ baseURL: server.url })
  try {
    const { key, tasks } = await sandboxOf(server.url).state()
    const id = tasks[0]?.id ?? ''
    const page = await context.newPage()
    await giveKey(page, key)
    await page.goto(`/tasks/${id}`)
    await expect(page.getByRole('progressbar')).toBeVisible()
    await openShare(page, 'Public link')
    await share(page).getByRole('checkbox', { name: 'Show credits' }).uncheck()
    await share(page).getByRole('button', { name: 'Create link' }).click()
    const url = await linkIn(page, 'Public link').inputValue()
    // The sender's tab sends no more requests: all that the receiver sees was requested by the
    // server.
    await page.goto('about:blank')

    await other.page.goto(url)
    await expect(other.page.getByText('Shared with you · Live.')).toBeVisible()
    await expect(other.page.getByRole('progressbar')).toBeVisible()
    await expect(other.page.getByText('Final result')).toBeVisible({ timeout: 120_000 })
    await expect(
      other.page.getByRole('region', { name: 'Credits' }).getByText('Not shared'),
    ).toBeVisible()
    await expect(other.page.getByText(/credits deducted/)).toHaveCount(0)
    await expect(other.page.getByText('Download', { exact: true })).toHaveCount(0)
    const { ledger } = await sandboxOf(server.url).state()
    expect(ledger.filter(({ taskId }) => taskId === id)).toHaveLength(1)
    expect(new Set(other.apiPaths)).toEqual(new Set(['/api/shared', '/api/shared/previews']))

    await page.goto(`/tasks/${id}`)
    await openShare(page, 'Public link')
    await share(page).getByRole('button', { name: 'Revoke' }).click()
    await expect(share(page).getByRole('button', { name: 'Revoke' })).toHaveCount(0)
    await other.page.reload()
    await expect(other.page.getByRole('heading', { name: 'Link revoked' })).toBeVisible()
    await expectWithout(key, other)
  } finally {
    await context.close()
    await server.stop()
  }
})

shareTest(
  'two clicks share a link that shows small previews, and nothing to download',
  async ({ open, other, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await open('/tasks/sentinel-processed~sh7')
    await expect(page.getByText('10 credits deducted').first()).toBeVisible()
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await share(page).getByRole('button', { name: 'Create link' }).click()
    await expect(share(page).getByText('Link copied.')).toBeVisible()
    await other.page.goto(await page.evaluate(() => navigator.clipboard.readText()))
    const image = other.page.locator('main img[src^="data:image/webp"]').first()
    await expect(image).toBeVisible()
    await expect
      .poll(() => image.evaluate((it: HTMLImageElement) => it.naturalWidth))
      .toBeGreaterThan(100)
    await expect(other.page.getByRole('link', { name: /^Download/ })).toHaveCount(0)
    // No link to the image at the API, with which anyone could get the file.
    expect(await other.received()).not.toContain('/samples/dunes.webp')
  },
)

for (const [width, height] of [
  [390, 844],
  [1280, 800],
] as const) {
  shareTest(`a QR code opens in view: ${width} × ${height}`, async ({ open }) => {
    const page = await open('/tasks/sentinel-processed~sh8')
    await page.setViewportSize({ width, height })
    await expect(page.getByText('10 credits deducted').first()).toBeVisible()
    for (const kind of ['Snapshot', 'Private link'] as const) {
      await openShare(page, kind)
      if (kind === 'Snapshot')
        await share(page).getByRole('radio', { name: 'Progress and details' }).check()
      await share(page).getByRole('button', { name: 'QR code' }).click()
      await expect(share(page).getByRole('img', { name: /^QR code/ })).toBeInViewport({ ratio: 1 })
      await share(page).getByRole('button', { name: 'Close' }).click()
    }
  })
}

shareTest('an altered public link is not found', async ({ server, other }) => {
  await other.page.goto(`${server.url}/s/AAAABBBBCCCC`)
  await expect(other.page.getByRole('heading', { name: 'Link not found' })).toBeVisible()
})

shareTest('a list becomes a snapshot, truncated to the maximum length', async ({ open, other }) => {
  const page = await open('/')
  const ids = Array.from({ length: 300 }, (_, n) => `made-up-task-${n}-${'x'.repeat(60)}`)
  await addTasks(page, ids)
  await page.getByRole('button', { name: 'Share list' }).click()
  await share(page).getByRole('radio', { name: 'Snapshot' }).check({ force: true })
  const url = await linkIn(page, 'Snapshot link').inputValue()
  expect(url.length).toBeLessThanOrEqual(8000)
  await other.page.goto(url)
  await expect(other.page.getByText('It does not update.')).toBeVisible()
})

shareTest('a link as a QR code, and a task printed on one page', async ({ open }) => {
  const page = await open('/tasks/sentinel-many-files~sh5')
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible()
  await openShare(page, 'Private link')
  await share(page).getByRole('button', { name: 'QR code' }).click()
  const code = share(page).getByRole('img', { name: 'QR code of the private link' })
  const { data, info } = await sharp(await code.screenshot())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const read = decodeQr({ width: info.width, height: info.height, data: new Uint8Array(data) })
  expect(read).toBe(await linkIn(page, 'Private link').inputValue())
  // The browser's own dialog would block: the print layout is checked while it is requested.
  await page.evaluate(() => {
    window.print = () => {}
  })
  await share(page).getByRole('button', { name: 'Print summary' }).click()
  await expect(page.locator('.print-sheet')).toBeAttached()
  const pdf = (await page.pdf()).toString('latin1')
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
})

shareTest('a link is passed to the device’s share sheet', async ({ open }) => {
  const page = await open('/tasks/sentinel-processed~sh6')
  // Headless Chromium has no native share sheet: a stub records what is passed to it.
  const shared = await page.evaluateHandle(() => {
    const all: ShareData[] = []
    navigator.share = async (data) => void all.push(data ?? {})
    return all
  })
  await openShare(page, 'Private link')
  await share(page).getByRole('button', { name: 'Share…' }).click()
  const url = await linkIn(page, 'Private link').inputValue()
  expect(await shared.jsonValue()).toEqual([{ title: 'A task on Loupe', url }])
})

shareTest(
  'on a static host only snapshots can be shared and opened',
  async ({ page, sandbox, other }) => {
    const dist = fileURLToPath(new URL('../dist', import.meta.url))
    const host = serve({ fetch: new Hono().use(serveDashboard(dist).serve).fetch, port: 0 })
    await new Promise((resolve) => host.once('listening', resolve))
    const address = host.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    try {
      await giveKey(page, (await sandbox.state()).key)
      await page.goto(`${origin}/tasks/a-task`)
      await openShare(page, 'Public link')
      await expect(share(page).getByText('Share a snapshot instead.')).toBeVisible()
      await share(page).getByRole('radio', { name: 'Snapshot' }).check({ force: true })
      await other.page.goto(await linkIn(page, 'Snapshot link').inputValue())
      await expect(other.page.getByText('It does not update.')).toBeVisible()
    } finally {
      host.close()
    }
  },
)
