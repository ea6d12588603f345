import type { Page, Request } from '@playwright/test'
import type { TaskRecord } from '../core/record/task-record.ts'
import { writeSnapshot } from '../src/sharing/codec.ts'
import { encodeSnapshot, fitting } from '../src/sharing/create-snapshot.ts'
import { makeSnapshot } from '../src/sharing/snapshot.ts'
import { ALL, doneSnapshot, NONE, packedByHand, snapshotOf } from '../src/sharing/testing.ts'
import { asId, recordAfter } from '../src/tasks/testing-list.ts'
import { credits, expect, giveKey, test } from './support/fixtures.ts'

interface Receiver {
  readonly page: Page
  /** Every request that this browser sent. */
  readonly requests: readonly Request[]
}

/** A second browser that shares nothing with the sender's. */
const shared = test.extend<{ to: Receiver }>({
  to: async ({ browser, server }, use) => {
    const context = await browser.newContext({ baseURL: server.url })
    const page = await context.newPage()
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    await use({ page, requests })
    await context.close()
  },
})

/** No request reached the API, no part of the fragment was sent, and no script of a link ran. */
async function expectHarmless({ page, requests }: Receiver, fragment: string): Promise<void> {
  const urls = requests.map((request) => request.url())
  expect(urls.filter((url) => new URL(url).pathname.startsWith('/api'))).toEqual([])
  const secret = fragment.slice(0, 40)
  for (const request of requests) {
    const sent = `${request.url().replace(/#.*/s, '')} ${JSON.stringify(await request.allHeaders())}`
    if (secret.length === 40) expect(sent).not.toContain(secret)
    expect(await request.headerValue('x-api-key')).toBeNull()
  }
  expect(await page.evaluate(() => Reflect.get(window, 'pwned') ?? null)).toBeNull()
  const unsafe = page.locator('[href^="javascript:" i], [src^="data:" i], [src^="javascript:" i]')
  await expect(unsafe).toHaveCount(0)
}

const openAt = async (to: Receiver, fragment: string): Promise<void> => {
  await to.page.goto('about:blank')
  await to.page.goto(`/snapshot#${fragment}`)
}

const NAME = '<img src=x onerror="window.pwned=1">.png'

shared(
  'a sender’s task opens in another browser without a key or requests',
  async ({ to, sandbox, page: sender }) => {
    // The sender's view of a real task, with the key only in the sender's tab.
    const { key } = await sandbox.state()
    const id = await sandbox.start('done')
    await giveKey(sender, key)
    await sender.goto(`/tasks/${id}`)
    await expect(credits(sender).getByText('10 credits deducted')).toBeVisible()
    const requests = (await sandbox.state()).requestsByTask[id]
    const record: TaskRecord = recordAfter(['enhancing', 'processed'], Date.now() - 120_000)
    const snapshot = makeSnapshot([{ id: asId(id), record }], NONE, Date.now())
    const packed = await encodeSnapshot(snapshot, null)

    const bodies: Promise<string>[] = []
    to.page.on('response', (response) => bodies.push(response.text().catch(() => '')))
    await openAt(to, packed)
    const { page } = to
    await expect(page.getByRole('heading', { level: 1, name: 'dunes.png' })).toBeVisible()
    await expect(page).toHaveTitle('dunes.png · Snapshot · Loupe')
    await expect(page.getByText(/^Snapshot from .* It does not update\.$/)).toBeVisible()
    await expect(
      page.getByRole('region', { name: 'Credits' }).getByText('Not shared'),
    ).toBeVisible()
    await expect(page.getByText('Downloads weren’t shared.')).toBeVisible()
    await expect(page.getByRole('heading', { level: 1, name: 'dunes.png' })).toBeVisible()
    await expect(page.getByText(/^Expires in /)).toBeVisible()
    await expect(page.getByRole('link', { name: /^Download/ })).toHaveCount(0)
    await expect(page.getByRole('button', { name: /^API key/ })).toHaveCount(0)
    await expectHarmless(to, packed)

    // The key is in no byte that this browser received, and in nothing that it stores.
    for (const body of await Promise.all(bodies)) expect(body).not.toContain(key)
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
    )
    expect(kept).not.toContain(key)
    expect(await page.content()).not.toContain(key)
    expect((await sandbox.state()).requestsByTask[id]).toBe(requests)
  },
)

shared('another link in the same tab replaces the first', async ({ to }) => {
  await openAt(to, await encodeSnapshot(doneSnapshot(), null))
  await expect(to.page.getByText('10 credits deducted')).toBeVisible()
  const other = await encodeSnapshot(snapshotOf([recordAfter(['enhancing'])]), null)
  await to.page.evaluate((hash) => {
    location.hash = hash
  }, other)
  await expect(to.page.getByText('May have changed since.')).toBeVisible()
  await expect(to.page.getByRole('progressbar', { name: 'Progress' })).toHaveAttribute(
    'aria-valuenow',
    '64',
  )
  await to.page.goBack()
  await expect(to.page.getByText('10 credits deducted')).toBeVisible()
})

shared('links that have expired since are shown as expired', async ({ to }) => {
  await to.page.clock.install({ time: Date.UTC(2026, 0, 1, 12, 10) })
  const record = recordAfter(['enhancing', 'processed'])
  const end = Date.UTC(2026, 0, 3) / 1000
  const files = record.task?.files.map((file) => ({
    ...file,
    downloadUrl: `${file.downloadUrl}?Expires=${end}&Signature=1f`,
  }))
  const task = record.task && { ...record.task, files: files ?? [] }
  await openAt(to, await encodeSnapshot(snapshotOf([{ ...record, task }]), null))
  await expect(to.page.getByRole('link', { name: 'Download dunes.png' })).toHaveAttribute(
    'rel',
    /noreferrer/,
  )
  await to.page.clock.fastForward(72 * 3_600_000)
  await expect(to.page.getByText('Link expired')).toBeVisible()
  await expect(to.page.getByText(/\(3 d ago\)/)).toBeVisible()
  await expect(to.page.getByRole('link', { name: /^Download/ })).toHaveCount(0)
})

shared(
  'several tasks expand in place, also by keyboard, and omitted ones are counted',
  async ({ to }) => {
    const names = ['processed', 'enhancing', 'failed'] as const
    const records = Array.from({ length: 600 }, (_, n) =>
      recordAfter([names[n % 3] ?? 'processed']),
    )
    const part = await fitting(snapshotOf(records, NONE), { before: 60, locked: false })
    await openAt(to, await encodeSnapshot(part, null))
    const { page } = to
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${part.tasks.length} tasks`)
    await expect(
      page.getByText(`${part.leftOut} more tasks didn’t fit into the link.`),
    ).toBeVisible()
    const second = page.getByRole('button', { name: /^Enhancing/ }).first()
    await second.focus()
    await page.keyboard.press('Enter')
    await expect(second).toHaveAttribute('aria-expanded', 'true')
    await expect(page.getByRole('region', { name: 'Status' })).toHaveCount(1)
    await page
      .getByRole('button', { name: /^Failed/ })
      .first()
      .click()
    await expect(second).toHaveAttribute('aria-expanded', 'false')
    await expect(page.getByText('The image could not be decoded', { exact: false })).toBeVisible()
  },
)

shared('a snapshot opens with its passphrase and with no other', async ({ to }) => {
  const packed = await encodeSnapshot(doneSnapshot(NONE), 'drei Möwen')
  await openAt(to, packed)
  const { page } = to
  await expect(page.getByRole('heading', { name: 'Enter the passphrase' })).toBeVisible()
  const field = page.getByLabel('Passphrase')
  await field.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('Enter the passphrase.')
  await field.fill('drei Mowen')
  await field.press('Enter')
  await expect(page.getByRole('alert')).toContainText('Wrong passphrase')
  await field.fill('drei Möwen')
  await page.getByRole('button', { name: 'Open snapshot' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'dunes.png' })).toBeVisible()
  await expect(page.getByRole('main')).toBeFocused()
  await expectHarmless(to, packed)
})

shared('an origin without WebCrypto says so', async ({ to }) => {
  await to.page.addInitScript(() => {
    Object.defineProperty(crypto, 'subtle', { value: undefined })
  })
  await openAt(to, await encodeSnapshot(doneSnapshot(), 'drei Möwen'))
  await expect(
    to.page.getByRole('region', { name: 'Can’t unlock the snapshot here' }),
  ).toBeVisible()
})

/** Serialized form of a snapshot, for manual changes. */
// biome-ignore lint/suspicious/noExplicitAny: made to be changed in any way
const serialized = (): any => JSON.parse(writeSnapshot(doneSnapshot(ALL)))

shared('manually crafted hostile links are harmless, each with a clear message', async ({ to }) => {
  const scriptLink = serialized()
  scriptLink.tasks[0].record.task.files[0].downloadUrl = 'javascript:window.pwned=1'
  const long = serialized()
  long.tasks[0].record.task.files[0].originalName = 'x'.repeat(10_000_000)
  const packed = await encodeSnapshot(doneSnapshot(), null)
  const none = 'No snapshot in this link'
  const damaged = 'Damaged link'
  const hostile: readonly (readonly [string, string])[] = [
    ['', none],
    ['main', none],
    ['<script>window.pwned=1</script>', none],
    ['javascript:window.pwned=1', none],
    [await packedByHand(scriptLink), none],
    [await packedByHand({ __proto__: null, tasks: [{ constructor: {} }] }), none],
    [await packedByHand('{"__proto__":{"tasks":[]}}'), none],
    [await packedByHand(long), 'Snapshot too large'],
    [await packedByHand(' '.repeat(10_000_000)), 'Snapshot too large'],
    [`1.${'A'.repeat(100_000)}`, 'Snapshot too large'],
    [packed.replace(/^1/, '2'), 'This snapshot is from a newer Loupe'],
    [packed.slice(0, -20), damaged],
    [`${packed.slice(0, 100)}x${packed.slice(101)}`, damaged],
    ['1.AAAAAAAA', damaged],
  ]
  for (const [fragment, title] of hostile) {
    await openAt(to, fragment)
    await expect(to.page.getByRole('region', { name: title }), fragment.slice(0, 40)).toBeVisible()
    await expectHarmless(to, fragment)
  }
})

shared('hostile texts in a crafted snapshot are shown as plain text', async ({ to }) => {
  const content = serialized()
  const { task } = content.tasks[0].record
  task.files[0] = { ...task.files[0], originalName: NAME, downloadUrl: null, thumbnailUrl: null }
  task.settings.model = NAME
  const text = JSON.stringify(content).replace(
    '"record":{',
    '"record":{"__proto__":{"pwned":1},"constructor":{"prototype":{"pwned":1}},',
  )
  const fragment = await packedByHand(text)
  await openAt(to, fragment)
  await expect(to.page.getByRole('heading', { level: 1, name: NAME })).toBeVisible()
  expect(await to.page.evaluate(() => Reflect.get({}, 'pwned') ?? null)).toBeNull()
  await expectHarmless(to, fragment)
})
