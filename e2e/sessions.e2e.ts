import type { BrowserContext, Page } from '@playwright/test'
import { credits, expect, giveKey, removeKey, test } from './support/fixtures.ts'
import { addButton, field, openAdd } from './support/list.ts'

/* The key across several tabs, and a key in a URL. */

const HOME_KEY = 'the-key-of-home-91bc'
const CHANNEL = 'loupe:session'

/** A new tab, with or without a key. */
async function openTab(context: BrowserContext, url: string, key: string | null): Promise<Page> {
  const page = await context.newPage()
  if (key !== null) await giveKey(page, key)
  await page.goto(url)
  return page
}

/** A tab without a key and with a paused clock, so that it waits for replies until it is resumed. */
async function openPausedTab(context: BrowserContext, url: string) {
  const page = await context.newPage()
  await page.addInitScript((name) => {
    const messages: unknown[] = []
    const channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }) => {
      // Its own request does not count.
      if (data !== 'asking') messages.push(data)
    }
    Object.assign(window, { messages })
  }, CHANNEL)
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 1000)
  await page.goto(url)
  const messages = () =>
    page.evaluate(() => (window as unknown as { messages: unknown[] }).messages)
  const resume = async () => {
    await page.clock.fastForward(300)
    await page.clock.resume()
  }
  return { page, messages, resume }
}

const keyHeading = (page: Page) => page.getByRole('heading', { name: 'Your API key' })
const keyInUrlNotice = (page: Page) =>
  page.getByRole('region', { name: 'An API key was in the URL' })
const deducted = (page: Page) => credits(page).getByText('10 credits deducted')

/** Everything that leaves a page. */
function requestsOf(page: Page) {
  const requests: { readonly url: string; readonly headers: string; readonly body: string }[] = []
  page.on('request', (request) => {
    const { 'x-api-key': _, ...headers } = request.headers()
    requests.push({
      url: request.url(),
      headers: JSON.stringify(headers),
      body: request.postData() ?? '',
    })
  })
  return requests
}

test('a tab without a key gets the key of another tab and says so', async ({
  context,
  server,
  sandbox,
}) => {
  const { key } = await sandbox.state()
  const one = await openTab(context, server.url, key)
  await expect(addButton(one)).toBeVisible()
  const two = await openPausedTab(context, 'about:blank')
  const requests = requestsOf(two.page)
  await two.page.goto(`${server.url}/tasks/sentinel-processed~handed`)
  await expect.poll(two.messages).toContainEqual({ key })
  // No form that appears and disappears.
  await expect(two.page.getByRole('main')).toBeEmpty()
  await two.resume()

  await expect(deducted(two.page)).toBeVisible()
  await two.page.getByRole('button', { name: /^API key/ }).click()
  await expect(two.page.getByRole('menu').getByText(', from another tab')).toBeVisible()
  await two.page.keyboard.press('Escape')

  const stored = await two.page.evaluate(async () => ({
    session: JSON.stringify({ ...sessionStorage }),
    local: JSON.stringify({ ...localStorage }),
    databases: JSON.stringify(await indexedDB.databases()),
    caches: JSON.stringify(await caches.keys()),
    html: document.documentElement.outerHTML,
    url: location.href + JSON.stringify(history.state) + document.cookie + name,
  }))
  expect(stored.session).toContain(key)
  for (const place of ['local', 'databases', 'html', 'url'] as const)
    expect(stored[place]).not.toContain(key)
  expect(stored.caches).toBe('[]')
  expect(requests.length).toBeGreaterThan(3)
  for (const { url, headers, body } of requests) expect(url + headers + body).not.toContain(key)
})

test('another profile gets no key and is shown how to get one', async ({
  browser,
  context,
  server,
  sandbox,
}) => {
  const one = await openTab(context, server.url, (await sandbox.state()).key)
  await expect(addButton(one)).toBeVisible()
  const elsewhere = await browser.newContext()
  const other = await openPausedTab(elsewhere, `${server.url}/tasks/sentinel-processed~other`)
  // A tab of that profile replies, so any message from others would have arrived before.
  await openTab(elsewhere, server.url, HOME_KEY)
  await other.page.reload()
  await expect.poll(other.messages).toContainEqual({ key: HOME_KEY })
  expect(await other.messages()).toEqual([{ key: HOME_KEY }])
  await elsewhere.close()

  const alone = await browser.newContext()
  const page = await openTab(alone, `${server.url}/tasks/sentinel-processed~other`, null)
  await expect(keyHeading(page)).toBeVisible()
  await expect(page.getByText('To open task')).toContainText('sed~other')
  await expect(page.getByText('No key? Ask the sender')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Use …/ })).toHaveCount(0)
  await alone.close()
})

test('a key is removed from all tabs that have it, even frozen ones', async ({
  context,
  server,
  sandbox,
}) => {
  const { key } = await sandbox.state()
  const open = (own: string) => openTab(context, server.url, own)
  const [one, two, asleep, other] = [
    await open(key),
    await open(key),
    await open(key),
    await open(HOME_KEY),
  ]
  for (const page of [one, two, asleep, other]) await expect(addButton(page)).toBeVisible()
  const devtools = await context.newCDPSession(asleep)
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })

  await removeKey(one)
  await expect(keyHeading(one)).toBeVisible()
  const why = (page: Page) =>
    page.getByRole('region', { name: 'The key was removed in another tab' })
  await expect(why(one)).toBeHidden()
  await expect(why(two)).toBeVisible()
  await expect(keyHeading(two)).toBeVisible()
  await expect(addButton(other)).toBeVisible()
  await devtools.send('Page.setWebLifecycleState', { state: 'active' })
  await expect(why(asleep)).toBeVisible()

  for (const page of [one, two, asleep]) {
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}')
  }
  expect(await other.evaluate(() => sessionStorage.getItem('loupe:api-key'))).toBe(HOME_KEY)
  // A browser restores the sessionStorage of a discarded tab: that is what giveKey does here.
  await asleep.reload()
  await expect(why(asleep)).toBeVisible()
  // Entered again, it works as before.
  await asleep.getByRole('button', { name: 'Open the sandbox' }).click()
  await expect(addButton(asleep)).toBeVisible()
  await asleep.reload()
  await expect(addButton(asleep)).toBeVisible()
})

test('a key removed while a new tab requests it does not come back', async ({
  context,
  server,
  sandbox,
}) => {
  const { key } = await sandbox.state()
  const one = await openTab(context, server.url, key)
  await expect(addButton(one)).toBeVisible()
  const two = await openPausedTab(context, server.url)
  await expect.poll(two.messages).toContainEqual({ key })
  await removeKey(one)
  await expect(keyHeading(one)).toBeVisible()
  await expect.poll(two.messages).toContainEqual(expect.stringMatching(/^forgotten [0-9a-f]{8}$/))
  await two.resume()
  await expect(keyHeading(two.page)).toBeVisible()
  expect(await two.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}')
})

test('with different keys none is used; one is chosen by its last characters', async ({
  context,
  server,
  sandbox,
}) => {
  const { key } = await sandbox.state()
  for (const own of [key, HOME_KEY]) {
    await expect(addButton(await openTab(context, server.url, own))).toBeVisible()
  }
  const three = await openPausedTab(context, `${server.url}/tasks/sentinel-processed~chosen`)
  await expect.poll(async () => (await three.messages()).length).toBe(2)
  await three.resume()
  const offers = three.page.getByRole('region', { name: 'Other tabs have different keys' })
  await expect(offers.getByRole('button')).toHaveCount(2)
  expect(await three.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}')
  await offers.getByRole('button', { name: `Use …${key.slice(-4)}` }).click()
  await expect(deducted(three.page)).toBeVisible()
})

const TASK = '/tasks/sentinel-processed~scrub'

for (const [where, from, to] of [
  ['query', (key: string) => `${TASK}?sort=name&api_key=${key}`, `${TASK}?sort=name`],
  ['query, under any name', (key: string) => `${TASK}?x=${key}`, TASK],
  ['fragment', (key: string) => `${TASK}#${encodeURIComponent(key)}`, TASK],
  ['path', (key: string) => `/tasks/${key}`, '/'],
] as const) {
  test(`a key in the ${where} of a URL is removed immediately`, async ({
    context,
    server,
    sandbox,
  }) => {
    const { key } = await sandbox.state()
    const page = await openTab(context, 'about:blank', key)
    const requests = requestsOf(page)
    await page.goto(server.url + from(key))
    await expect(keyInUrlNotice(page)).toContainText('replace it at upscayl.org/account/api-keys')
    await expect(page).toHaveURL(server.url + to)
    if (to === '/') await expect(addButton(page)).toBeVisible()
    else await expect(deducted(page)).toBeVisible()
    // The page itself was requested under that URL, which is why the key should be replaced.
    const [, ...later] = requests
    for (const { url, headers, body } of later) expect(url + headers + body).not.toContain(key)
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(key)
    await keyInUrlNotice(page).getByRole('button', { name: 'Dismiss' }).click()
    await expect(keyInUrlNotice(page)).toBeHidden()
  })
}

test('a key in a URL is not used', async ({ page, server, sandbox }) => {
  const { key } = await sandbox.state()
  await page.goto(`${server.url}${TASK}?apikey=${key}`)
  await expect(keyInUrlNotice(page)).toBeVisible()
  await expect(keyHeading(page)).toBeVisible()
  await expect(page).toHaveURL(server.url + TASK)
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}')
})

test('a key that gets into the URL later is removed immediately', async ({
  open,
  page,
  server,
  sandbox,
}) => {
  const { key } = await sandbox.state()
  const requests = requestsOf(page)
  await open(TASK)
  await expect(deducted(page)).toBeVisible()
  await page.evaluate((text) => {
    location.hash = text
  }, key)
  await expect(keyInUrlNotice(page)).toBeVisible()
  await expect(page).toHaveURL(server.url + TASK)
  await keyInUrlNotice(page).getByRole('button', { name: 'Dismiss' }).click()

  await page.getByRole('main').getByRole('link', { name: 'Tasks' }).click()
  await page.getByRole('searchbox').fill(key)
  await expect(keyInUrlNotice(page)).toBeVisible()
  await expect(page).toHaveURL(`${server.url}/`)
  for (const steps of ['back', 'back', 'forward', 'forward'] as const) {
    await page.evaluate((step) => history[step](), steps)
    await expect.poll(() => page.evaluate(() => location.href)).not.toContain(key)
  }
  for (const { url, headers, body } of requests) expect(url + headers + body).not.toContain(key)
})

test('a key in the task field is not accepted as a task', async ({ open, page, sandbox }) => {
  const { key } = await sandbox.state()
  const requests = requestsOf(page)
  await open('/')
  await openAdd(page)
  await field(page).fill(key)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('That’s your API key, not a task ID.')).toBeVisible()
  await expect(field(page)).toHaveValue('')
  await field(page).fill(`sentinel-processed~ok ${key}\n${key}`)
  await expect(page.getByRole('button', { name: 'Add 1 task', exact: true })).toBeVisible()
  for (const { url, headers, body } of requests) expect(url + headers + body).not.toContain(key)
})
