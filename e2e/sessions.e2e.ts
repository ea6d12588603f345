import type { BrowserContext, Page } from '@playwright/test'
import { credits, expect, giveKey, test } from './support/fixtures.ts'
import { field } from './support/list.ts'

/* The key among several tabs, and a key that stands in an address. */

const HOME_KEY = 'the-key-of-home-91bc'
const CHANNEL = 'loupe:session'

/** A new tab, with a key or without one. */
async function openTab(
  context: BrowserContext,
  address: string,
  key: string | null,
): Promise<Page> {
  const page = await context.newPage()
  if (key !== null) await giveKey(page, key)
  await page.goto(address)
  return page
}

/** A tab without a key whose clock stands still, so that it waits for answers until it is let on. */
async function openAsking(context: BrowserContext, address: string) {
  const page = await context.newPage()
  await page.addInitScript((name) => {
    const heard: unknown[] = []
    const channel = new BroadcastChannel(name)
    channel.onmessage = ({ data }) => {
      // Its own question is nothing that the tab heard.
      if (data !== 'asking') heard.push(data)
    }
    Object.assign(window, { heard })
  }, CHANNEL)
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 1000)
  await page.goto(address)
  const heard = () => page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)
  const letOn = async () => {
    await page.clock.fastForward(300)
    await page.clock.resume()
  }
  return { page, heard, letOn }
}

const keyHeading = (page: Page) => page.getByRole('heading', { name: 'Your API key' })
const handedOver = (page: Page) => page.getByRole('region', { name: 'Key of another tab' })
const inAddress = (page: Page) =>
  page.getByRole('region', { name: 'An API key was in the address' })
const deducted = (page: Page) => credits(page).getByText('10 credits deducted')

/** All that leaves a page. */
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

test('a tab without a key gets that of another tab, and says so', async ({
  context,
  server,
  sandbox,
}) => {
  const { key } = await sandbox.state()
  const one = await openTab(context, server.url, key)
  await expect(field(one)).toBeVisible()
  const two = await openAsking(context, 'about:blank')
  const requests = requestsOf(two.page)
  await two.page.goto(`${server.url}/tasks/sentinel-processed~handed`)
  await expect.poll(two.heard).toContainEqual({ key })
  // No form that comes and goes.
  await expect(two.page.getByRole('main')).toBeEmpty()
  await two.letOn()

  await expect(deducted(two.page)).toBeVisible()
  const note = handedOver(two.page)
  await expect(note).toContainText('This tab uses the key of another open tab of Loupe.')
  await expect(two.page.getByRole('status').filter({ hasText: 'This tab uses' })).toBeAttached()
  await note.getByRole('button', { name: 'Dismiss' }).click()
  await expect(note).toBeHidden()

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

test('another profile gets nothing, and is told whom to ask', async ({
  browser,
  context,
  server,
  sandbox,
}) => {
  const one = await openTab(context, server.url, (await sandbox.state()).key)
  await expect(field(one)).toBeVisible()
  const elsewhere = await browser.newContext()
  const other = await openAsking(elsewhere, `${server.url}/tasks/sentinel-processed~other`)
  // A tab of that profile answers, so what would be said by others had been heard by then.
  await openTab(elsewhere, server.url, HOME_KEY)
  await other.page.reload()
  await expect.poll(other.heard).toContainEqual({ key: HOME_KEY })
  expect(await other.heard()).toEqual([{ key: HOME_KEY }])
  await elsewhere.close()

  const alone = await browser.newContext()
  const page = await openTab(alone, `${server.url}/tasks/sentinel-processed~other`, null)
  await expect(keyHeading(page)).toBeVisible()
  await expect(page.getByText('To show task')).toContainText('sed~other')
  await expect(page.getByText('No key? Ask whoever sent the link')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Use …/ })).toHaveCount(0)
  await alone.close()
})

test('a key is forgotten in all tabs that have it, those asleep as well', async ({
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
  for (const page of [one, two, asleep, other]) await expect(field(page)).toBeVisible()
  const devtools = await context.newCDPSession(asleep)
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })

  await one.getByRole('button', { name: 'Forget key' }).click()
  await expect(keyHeading(one)).toBeVisible()
  const why = (page: Page) =>
    page.getByRole('region', { name: 'The key was forgotten in another tab' })
  await expect(why(one)).toBeHidden()
  await expect(why(two)).toBeVisible()
  await expect(keyHeading(two)).toBeVisible()
  await expect(field(other)).toBeVisible()
  await devtools.send('Page.setWebLifecycleState', { state: 'active' })
  await expect(why(asleep)).toBeVisible()

  for (const page of [one, two, asleep]) {
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}')
  }
  expect(await other.evaluate(() => sessionStorage.getItem('loupe:api-key'))).toBe(HOME_KEY)
  // A browser that threw the tab away brings its sessionStorage back with it: that is what giveKey does here.
  await asleep.reload()
  await expect(why(asleep)).toBeVisible()
  // Given again, it is as good as any.
  await asleep.getByRole('button', { name: 'Use the sandbox key' }).click()
  await expect(field(asleep)).toBeVisible()
  await asleep.reload()
  await expect(field(asleep)).toBeVisible()
})

test('what is forgotten while a new tab asks does not come back', async ({
  context,
  server,
  sandbox,
}) => {
  const { key } = await sandbox.state()
  const one = await openTab(context, server.url, key)
  await expect(field(one)).toBeVisible()
  const two = await openAsking(context, server.url)
  await expect.poll(two.heard).toContainEqual({ key })
  await one.getByRole('button', { name: 'Forget key' }).click()
  await expect(keyHeading(one)).toBeVisible()
  await expect.poll(two.heard).toContainEqual(expect.stringMatching(/^forgotten [0-9a-f]{8}$/))
  await two.letOn()
  await expect(keyHeading(two.page)).toBeVisible()
  expect(await two.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}')
})

test('of different keys none is taken; one is chosen by its last characters', async ({
  context,
  server,
  sandbox,
}) => {
  const { key } = await sandbox.state()
  for (const own of [key, HOME_KEY]) {
    await expect(field(await openTab(context, server.url, own))).toBeVisible()
  }
  const three = await openAsking(context, `${server.url}/tasks/sentinel-processed~chosen`)
  await expect.poll(async () => (await three.heard()).length).toBe(2)
  await three.letOn()
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
  test(`a key in the ${where} of an address is out of it at once`, async ({
    context,
    server,
    sandbox,
  }) => {
    const { key } = await sandbox.state()
    const page = await openTab(context, 'about:blank', key)
    const requests = requestsOf(page)
    await page.goto(server.url + from(key))
    await expect(inAddress(page)).toContainText('replace it at upscayl.org/account/api-keys')
    await expect(page).toHaveURL(server.url + to)
    if (to === '/') await expect(field(page)).toBeVisible()
    else await expect(deducted(page)).toBeVisible()
    // The page itself was asked for under that address, which is why the key should be replaced.
    const [, ...later] = requests
    for (const { url, headers, body } of later) expect(url + headers + body).not.toContain(key)
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(key)
    await inAddress(page).getByRole('button', { name: 'Dismiss' }).click()
    await expect(inAddress(page)).toBeHidden()
  })
}

test('a key in an address is not used as one', async ({ page, server, sandbox }) => {
  const { key } = await sandbox.state()
  await page.goto(`${server.url}${TASK}?apikey=${key}`)
  await expect(inAddress(page)).toBeVisible()
  await expect(keyHeading(page)).toBeVisible()
  await expect(page).toHaveURL(server.url + TASK)
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}')
})

test('a key that gets into the address later is out of it at once', async ({
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
  await expect(inAddress(page)).toBeVisible()
  await expect(page).toHaveURL(server.url + TASK)
  await inAddress(page).getByRole('button', { name: 'Dismiss' }).click()

  await page.getByRole('link', { name: 'All tasks' }).click()
  await page.getByRole('searchbox').fill(key)
  await expect(inAddress(page)).toBeVisible()
  await expect(page).toHaveURL(`${server.url}/`)
  for (const steps of ['back', 'back', 'forward', 'forward'] as const) {
    await page.evaluate((step) => history[step](), steps)
    await expect.poll(() => page.evaluate(() => location.href)).not.toContain(key)
  }
  for (const { url, headers, body } of requests) expect(url + headers + body).not.toContain(key)
})

test('a key in the field for tasks is no task', async ({ open, page, sandbox }) => {
  const { key } = await sandbox.state()
  const requests = requestsOf(page)
  await open('/')
  await field(page).fill(key)
  await page.getByRole('button', { name: 'Watch' }).click()
  await expect(page.getByText('This is your API key, not a task id.')).toBeVisible()
  await expect(field(page)).toHaveValue('')
  await field(page).fill(`sentinel-processed~ok ${key}\n${key}`)
  await page.getByRole('button', { name: 'Watch' }).click()
  await expect(page.getByRole('button', { name: 'Add 1 task', exact: true })).toBeVisible()
  for (const { url, headers, body } of requests) expect(url + headers + body).not.toContain(key)
})
