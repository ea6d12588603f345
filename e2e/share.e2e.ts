import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { Hono } from 'hono'
import decodeQr from 'qr/decode.js'
import sharp from 'sharp'
import { serveDashboard } from '../server/static.ts'
import { expect, giveKey, sandboxOf, test, WATCHABLE } from './support/fixtures.ts'
import { addTasks } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'

/** Somebody else: another browser profile, without a key. All that reaches it is kept to be searched. */
interface Receiver {
  readonly page: Page
  /** The paths under /api that it asked for. */
  readonly asked: string[]
  /** Every body and header that it got, and all addresses. */
  readonly got: () => Promise<string>
}

async function receiver(browser: Browser): Promise<Receiver & { context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })
  const page = await context.newPage()
  const asked: string[] = []
  const bytes: Promise<string>[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/api')) asked.push(pathname)
    const body = response.body().then(
      (buffer) => buffer.toString('latin1'),
      () => '',
    )
    bytes.push(
      Promise.all([body, response.allHeaders()]).then(
        ([text, headers]) => `${response.url()}\n${JSON.stringify(headers)}\n${text}`,
        // Left before it had all come.
        () => '',
      ),
    )
  })
  return { context, page, asked, got: async () => (await Promise.all(bytes)).join('\n') }
}

/** Bytes in which the key would stand for itself, or as what it is easily turned into. */
const formsOf = (key: string) => [
  key,
  Buffer.from(key).toString('base64').replace(/=+$/, ''),
  Buffer.from(key).toString('base64url'),
  Buffer.from(key).toString('hex'),
]

async function expectWithout(key: string, { page, got }: Receiver) {
  const stores = await page.evaluate(() =>
    JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]),
  )
  const all = `${await got()}\n${await page.content()}\n${stores}`
  for (const form of formsOf(key)) expect(all).not.toContain(form)
}

const share = (page: Page) => page.getByRole('dialog', { name: /^Share/ })

async function openShare(page: Page, kind: 'Task link' | 'Live link' | 'Snapshot') {
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await share(page).getByRole('radio', { name: kind }).check({ force: true })
}

const linkIn = (page: Page, kind: string) => share(page).getByRole('textbox', { name: kind })

const test2 = test.extend<{ other: Receiver }>({
  other: async ({ browser }, use) => {
    const { context, ...other } = await receiver(browser)
    await use(other)
    await context.close()
  },
})

test2(
  'a task link asks the receiver for a key and goes on to the task',
  async ({ open, sandbox, other }) => {
    const { key } = await sandbox.state()
    const page = await open('/tasks/sentinel-processed~sh1')
    await openShare(page, 'Task link')
    const url = await linkIn(page, 'Task link').inputValue()
    expect(url).not.toContain(key)
    await other.page.goto(url)
    await other.page.getByRole('textbox', { name: 'API key' }).fill(key)
    await other.page.getByRole('button', { name: 'Continue' }).click()
    await expect(other.page.getByRole('heading', { name: /sentinel-processed~sh1/ })).toBeVisible()
    await expect(other.page.getByText('Processed', { exact: true }).first()).toBeVisible()
  },
)

test2(
  'a snapshot shows what was seen, asks nothing, and holds no key',
  async ({ open, sandbox, other, context }) => {
    const { key } = await sandbox.state()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await open('/tasks/sentinel-processed~sh2')
    await expect(page.getByText('Processed', { exact: true }).first()).toBeVisible()
    const before = (await sandbox.state()).requestsByTask['sentinel-processed~sh2']
    await openShare(page, 'Snapshot')
    const preview = share(page).getByRole('region', { name: 'What the receiver will see' })
    await expect(preview.getByText('As seen on')).toBeVisible()
    await share(page).getByRole('button', { name: 'Copy link' }).click()
    await expect(share(page).getByText('Copied.')).toBeVisible()
    const url = await page.evaluate(() => navigator.clipboard.readText())
    expect(url.length).toBeLessThan(1500)
    for (const form of formsOf(key)) expect(url).not.toContain(form)

    await other.page.goto(url)
    await expect(other.page.getByText('As seen on')).toBeVisible()
    await expect(other.page.getByText('Processed', { exact: true }).first()).toBeVisible()
    await expect(other.page.getByText('Download', { exact: true })).toHaveCount(0)
    expect(other.asked).toEqual([])
    expect((await sandbox.state()).requestsByTask['sentinel-processed~sh2']).toBe(before)
    await expectWithout(key, other)
  },
)

test2(
  'a snapshot is locked with a passphrase, and gives files only if that was chosen',
  async ({ open, other }) => {
    const page = await open('/tasks/sentinel-processed~sh3')
    await expect(page.getByText('Processed', { exact: true }).first()).toBeVisible()
    await openShare(page, 'Snapshot')
    await share(page)
      .getByRole('checkbox', { name: /let the files be saved/ })
      .check()
    await share(page)
      .getByRole('checkbox', { name: /passphrase/ })
      .check()
    await expect(linkIn(page, 'Snapshot link')).toHaveCount(0)
    await share(page).getByRole('textbox', { name: 'Passphrase' }).fill('four unusual words here')
    const url = await linkIn(page, 'Snapshot link').inputValue()

    await other.page.goto(url)
    await other.page.getByLabel('Passphrase').fill('four usual words here')
    await other.page.getByRole('button', { name: 'Open the snapshot' }).click()
    await expect(other.page.getByRole('alert')).toContainText('does not open it')
    await other.page.getByLabel('Passphrase').fill('four unusual words here')
    await other.page.getByRole('button', { name: 'Open the snapshot' }).click()
    await expect(other.page.getByRole('link', { name: /Download/ })).toBeVisible()
    expect(other.asked).toEqual([])
  },
)

test2('a live link is followed without a key, until it is revoked', async ({ browser, other }) => {
  const server: LoupeServer = await startServer(WATCHABLE)
  const context = await browser.newContext({ baseURL: server.url })
  try {
    const { key, tasks } = await sandboxOf(server.url).state()
    const id = tasks[0]?.id ?? ''
    const page = await context.newPage()
    await giveKey(page, key)
    await page.goto(`/tasks/${id}`)
    await expect(page.getByRole('progressbar')).toBeVisible()
    await openShare(page, 'Live link')
    await share(page).getByRole('checkbox', { name: 'Show the credits' }).uncheck()
    await share(page).getByRole('button', { name: 'Make live link' }).click()
    const url = await linkIn(page, 'Live link').inputValue()
    // The sender's tab asks no more: whatever the receiver sees, the server has asked for it.
    await page.goto('about:blank')

    await other.page.goto(url)
    await expect(other.page.getByText('Live, and shared with you.')).toBeVisible()
    await expect(other.page.getByRole('progressbar')).toBeVisible()
    await expect(other.page.getByText('The task has ended.')).toBeVisible({ timeout: 120_000 })
    await expect(other.page.getByText('The sender left the credits out.')).toBeVisible()
    await expect(other.page.getByText(/credits deducted/)).toHaveCount(0)
    await expect(other.page.getByText('Download', { exact: true })).toHaveCount(0)
    const { ledger } = await sandboxOf(server.url).state()
    expect(ledger.filter(({ taskId }) => taskId === id)).toHaveLength(1)
    expect(new Set(other.asked)).toEqual(new Set(['/api/shared']))

    await page.goto(`/tasks/${id}`)
    await openShare(page, 'Live link')
    await share(page).getByRole('button', { name: 'Revoke' }).click()
    await expect(share(page).getByRole('button', { name: 'Revoke' })).toHaveCount(0)
    await other.page.reload()
    await expect(
      other.page.getByRole('heading', { name: 'The sender has revoked this link' }),
    ).toBeVisible()
    await expectWithout(key, other)
  } finally {
    await context.close()
    await server.stop()
  }
})

test2('a live link that was changed on its way leads nowhere', async ({ server, other }) => {
  await other.page.goto(`${server.url}/s/AAAABBBBCCCC`)
  await expect(other.page.getByRole('heading', { name: 'This link leads nowhere' })).toBeVisible()
})

test2('a list becomes a snapshot, as far as it fits', async ({ open, other }) => {
  const page = await open('/')
  const ids = Array.from({ length: 300 }, (_, n) => `made-up-task-${n}-${'x'.repeat(60)}`)
  await addTasks(page, ids)
  await page.getByRole('button', { name: 'Share list' }).click()
  await share(page).getByRole('radio', { name: 'Snapshot' }).check({ force: true })
  const url = await linkIn(page, 'Snapshot link').inputValue()
  expect(url.length).toBeLessThanOrEqual(8000)
  await other.page.goto(url)
  await expect(other.page.getByText('As seen on')).toBeVisible()
})

test2('a link as a QR code, and a task as one page of paper', async ({ open }) => {
  const page = await open('/tasks/sentinel-many-files~sh5')
  await expect(page.getByText('Processed', { exact: true }).first()).toBeVisible()
  await openShare(page, 'Task link')
  await share(page).getByRole('button', { name: 'QR code' }).click()
  const code = share(page).getByRole('img', { name: 'QR code of the task link' })
  const { data, info } = await sharp(await code.screenshot())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const read = decodeQr({ width: info.width, height: info.height, data: new Uint8Array(data) })
  expect(read).toBe(await linkIn(page, 'Task link').inputValue())
  // The browser's own dialog would wait for somebody: the page is looked at while it asks for it.
  await page.evaluate(() => {
    window.print = () => {}
  })
  await share(page).getByRole('button', { name: 'Print as one page' }).click()
  await expect(page.locator('.print-sheet')).toBeAttached()
  const pdf = (await page.pdf()).toString('latin1')
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
})

test2('a link goes to the device’s own ways of passing it on', async ({ open }) => {
  const page = await open('/tasks/sentinel-processed~sh6')
  // A desk without such ways, which headless Chromium is: what is handed to them is kept.
  const handed = await page.evaluateHandle(() => {
    const all: ShareData[] = []
    navigator.share = async (data) => void all.push(data ?? {})
    return all
  })
  await openShare(page, 'Task link')
  await share(page).getByRole('button', { name: 'Pass on' }).click()
  const url = await linkIn(page, 'Task link').inputValue()
  expect(await handed.jsonValue()).toEqual([{ title: 'A task on Loupe', url }])
})

test2(
  'files on a static host offer snapshots only, and show them',
  async ({ page, sandbox, other }) => {
    const dist = fileURLToPath(new URL('../dist', import.meta.url))
    const host = serve({ fetch: new Hono().use(serveDashboard(dist)).fetch, port: 0 })
    await new Promise((resolve) => host.once('listening', resolve))
    const address = host.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    try {
      await giveKey(page, (await sandbox.state()).key)
      await page.goto(`${origin}/tasks/a-task`)
      await openShare(page, 'Live link')
      await expect(share(page).getByText('it offers snapshots only')).toBeVisible()
      await share(page).getByRole('radio', { name: 'Snapshot' }).check({ force: true })
      await other.page.goto(await linkIn(page, 'Snapshot link').inputValue())
      await expect(other.page.getByText('As seen on')).toBeVisible()
    } finally {
      host.close()
    }
  },
)
