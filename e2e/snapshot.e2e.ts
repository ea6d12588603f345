import type { Page, Request } from '@playwright/test'
import type { TaskRecord } from '../src/polling/task-record.ts'
import { writeSnapshot } from '../src/snapshot/compact.ts'
import { fitting, packSnapshot } from '../src/snapshot/pack.ts'
import { makeSnapshot } from '../src/snapshot/snapshot.ts'
import { ALL, doneSnapshot, NONE, packedByHand, snapshotOf } from '../src/snapshot/testing.ts'
import { asId, recordAfter } from '../src/watchlist/testing.ts'
import { credits, expect, giveKey, test } from './support/fixtures.ts'

interface Receiver {
  readonly page: Page
  /** Everything that this browser asked of anybody. */
  readonly requests: readonly Request[]
}

/** A second browser: nothing of the sender's is in it. */
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

/** Nothing was asked of the API, nothing of the fragment was sent, and no script of a link has run. */
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
  'a sender’s task opens in another browser without a key, and nothing is asked',
  async ({ to, sandbox, page: sender }) => {
    // What the sender has seen of a real task, with the key in the sender's tab alone.
    const { key } = await sandbox.state()
    const id = await sandbox.start('done')
    await giveKey(sender, key)
    await sender.goto(`/tasks/${id}`)
    await expect(credits(sender).getByText('10 credits deducted')).toBeVisible()
    const asked = (await sandbox.state()).requestsByTask[id]
    const record: TaskRecord = recordAfter(['enhancing', 'processed'], Date.now() - 120_000)
    const snapshot = makeSnapshot([{ id: asId(id), record }], NONE, Date.now())
    const packed = await packSnapshot(snapshot, null)

    const bodies: Promise<string>[] = []
    to.page.on('response', (response) => bodies.push(response.text().catch(() => '')))
    await openAt(to, packed)
    const { page } = to
    await expect(
      page.getByRole('heading', { level: 1, name: new RegExp(id.slice(0, 8)) }),
    ).toBeVisible()
    await expect(page).toHaveTitle('Processed, snapshot · Loupe')
    await expect(page.getByText(/^As seen on .* Not live:/)).toBeVisible()
    await expect(page.getByText('The sender left the credits out.')).toBeVisible()
    await expect(page.getByText('The sender left the download links out.')).toBeVisible()
    await expect(page.getByRole('heading', { name: 'dunes.png' })).toBeVisible()
    await expect(page.getByText(/^Expires in /)).toBeVisible()
    await expect(page.getByRole('link', { name: /^Download/ })).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Forget key' })).toHaveCount(0)
    await expectHarmless(to, packed)

    // The key is in no byte that this browser got, and in nothing that it keeps.
    for (const body of await Promise.all(bodies)) expect(body).not.toContain(key)
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
    )
    expect(kept).not.toContain(key)
    expect(await page.content()).not.toContain(key)
    expect((await sandbox.state()).requestsByTask[id]).toBe(asked)
  },
)

shared('another link in the same tab is shown in its place', async ({ to }) => {
  await openAt(to, await packSnapshot(doneSnapshot(), null))
  await expect(to.page.getByText('10 credits deducted')).toBeVisible()
  const other = await packSnapshot(snapshotOf([recordAfter(['enhancing'])]), null)
  await to.page.evaluate((hash) => {
    location.hash = hash
  }, other)
  await expect(to.page.getByText('It was still running then.', { exact: false })).toBeVisible()
  await expect(to.page.getByRole('progressbar', { name: 'Progress' })).toHaveAttribute(
    'aria-valuenow',
    '64',
  )
  await to.page.goBack()
  await expect(to.page.getByText('10 credits deducted')).toBeVisible()
})

shared('what has ended since by its own word is shown as ended', async ({ to }) => {
  await to.page.clock.install({ time: Date.UTC(2026, 0, 1, 12, 10) })
  const record = recordAfter(['enhancing', 'processed'])
  const end = Date.UTC(2026, 0, 3) / 1000
  const files = record.task?.files.map((file) => ({
    ...file,
    downloadUrl: `${file.downloadUrl}?Expires=${end}&Signature=1f`,
  }))
  const task = record.task && { ...record.task, files: files ?? [] }
  await openAt(to, await packSnapshot(snapshotOf([{ ...record, task }]), null))
  await expect(to.page.getByRole('link', { name: 'Download dunes.png' })).toHaveAttribute(
    'rel',
    /noreferrer/,
  )
  await to.page.clock.fastForward(72 * 3_600_000)
  await expect(to.page.getByText('Link has ended')).toBeVisible()
  await expect(to.page.getByText(/\(3 d ago\)/)).toBeVisible()
  await expect(to.page.getByRole('link', { name: /^Download/ })).toHaveCount(0)
})

shared(
  'several tasks open in place, by keyboard too, and tell what was left out',
  async ({ to }) => {
    const names = ['processed', 'enhancing', 'failed'] as const
    const records = Array.from({ length: 600 }, (_, n) =>
      recordAfter([names[n % 3] ?? 'processed']),
    )
    const part = await fitting(snapshotOf(records, NONE), { before: 60, locked: false })
    await openAt(to, await packSnapshot(part, null))
    const { page } = to
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${part.tasks.length} tasks`)
    await expect(
      page.getByText(`${part.leftOut} more tasks were left out`, { exact: false }),
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

shared('a passphrase opens what it locked, and another does not', async ({ to }) => {
  const packed = await packSnapshot(doneSnapshot(NONE), 'drei Möwen')
  await openAt(to, packed)
  const { page } = to
  await expect(page.getByRole('heading', { name: 'This snapshot has a passphrase' })).toBeVisible()
  const field = page.getByLabel('Passphrase')
  await field.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('Type the passphrase first.')
  await field.fill('drei Mowen')
  await field.press('Enter')
  await expect(page.getByRole('alert')).toContainText('does not open it')
  await field.fill('drei Möwen')
  await page.getByRole('button', { name: 'Open the snapshot' }).click()
  await expect(page.getByRole('heading', { name: 'dunes.png' })).toBeVisible()
  await expect(page.getByRole('main')).toBeFocused()
  await expectHarmless(to, packed)
})

shared('an address without WebCrypto says so', async ({ to }) => {
  await to.page.addInitScript(() => {
    Object.defineProperty(crypto, 'subtle', { value: undefined })
  })
  await openAt(to, await packSnapshot(doneSnapshot(), 'drei Möwen'))
  await expect(
    to.page.getByRole('region', { name: 'This snapshot cannot be unlocked at this address' }),
  ).toBeVisible()
})

/** The written form of a snapshot, to be changed by hand. */
// biome-ignore lint/suspicious/noExplicitAny: made to be changed in any way
const written = (): any => JSON.parse(writeSnapshot(doneSnapshot(ALL)))

shared('hostile links by hand are harmless, each with a clear message', async ({ to }) => {
  const scriptLink = written()
  scriptLink.tasks[0].record.task.files[0].downloadUrl = 'javascript:window.pwned=1'
  const long = written()
  long.tasks[0].record.task.files[0].originalName = 'x'.repeat(10_000_000)
  const packed = await packSnapshot(doneSnapshot(), null)
  const none = 'There is no snapshot in this link'
  const damaged = 'This link is damaged'
  const hostile: readonly (readonly [string, string])[] = [
    ['', none],
    ['main', none],
    ['<script>window.pwned=1</script>', none],
    ['javascript:window.pwned=1', none],
    [await packedByHand(scriptLink), none],
    [await packedByHand({ __proto__: null, tasks: [{ constructor: {} }] }), none],
    [await packedByHand('{"__proto__":{"tasks":[]}}'), none],
    [await packedByHand(long), 'This link holds too much'],
    [await packedByHand(' '.repeat(10_000_000)), 'This link holds too much'],
    [`1.${'A'.repeat(100_000)}`, 'This link holds too much'],
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

shared('hostile texts in a snapshot by hand are shown as texts', async ({ to }) => {
  const content = written()
  const { task } = content.tasks[0].record
  task.files[0] = { ...task.files[0], originalName: NAME, downloadUrl: null, thumbnailUrl: null }
  task.settings.model = NAME
  const text = JSON.stringify(content).replace(
    '"record":{',
    '"record":{"__proto__":{"pwned":1},"constructor":{"prototype":{"pwned":1}},',
  )
  const fragment = await packedByHand(text)
  await openAt(to, fragment)
  await expect(to.page.getByRole('heading', { name: NAME })).toBeVisible()
  expect(await to.page.evaluate(() => Reflect.get({}, 'pwned') ?? null)).toBeNull()
  await expectHarmless(to, fragment)
})
