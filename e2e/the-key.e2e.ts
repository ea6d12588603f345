import { AT_REST, credits, expect, removeKey, sandboxOf, test } from './support/fixtures.ts'
import { startServer } from './support/server.ts'

test('the key is in sessionStorage and the X-API-Key header, and nowhere else', async ({
  page,
  context,
}) => {
  const server = await startServer(AT_REST)
  try {
    const { key } = await sandboxOf(server.url).state()
    const requests: { url: string; headers: Record<string, string>; body: string }[] = []
    const console: string[] = []
    page.on('request', (request) =>
      requests.push({
        url: request.url(),
        headers: request.headers(),
        body: request.postData() ?? '',
      }),
    )
    page.on('console', (message) => console.push(message.text()))
    page.on('pageerror', (error) => console.push(`${error.message}\n${error.stack}`))

    await page.goto(`${server.url}/tasks/sentinel-error-400-missing-user`)
    await page.getByLabel('API key').fill(key)
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByRole('heading', { name: 'Invalid API key' })).toBeVisible()
    for (const id of ['sentinel-error-500', 'sentinel-error-cut-off', 'sentinel-processed']) {
      await page.goto(`${server.url}/tasks/${id}`)
      await expect(page.getByText(/Upscayl error|10 credits deducted/).first()).toBeVisible()
    }

    const stored = await page.evaluate(async () => ({
      session: JSON.stringify({ ...sessionStorage }),
      local: JSON.stringify({ ...localStorage }),
      databases: JSON.stringify(await indexedDB.databases()),
      list: await new Promise<string>((resolve) => {
        const opening = indexedDB.open('loupe')
        opening.onsuccess = () => {
          const tasks = opening.result.transaction('tasks').objectStore('tasks')
          const [keys, values] = [tasks.getAllKeys(), tasks.getAll()]
          tasks.transaction.oncomplete = () => resolve(JSON.stringify([keys.result, values.result]))
        }
      }),
      caches: JSON.stringify(await caches.keys()),
      html: document.documentElement.outerHTML,
      url: location.href + JSON.stringify(history.state) + document.referrer + name,
    }))
    expect(stored.session).toContain(key)
    for (const place of ['local', 'html', 'url', 'list'] as const)
      expect(stored[place]).not.toContain(key)
    // The task list is the only database, and is not empty.
    expect(JSON.parse(stored.databases)).toMatchObject([{ name: 'loupe' }])
    expect(stored.list).toContain('sentinel-processed')
    expect(stored.caches).toBe('[]')
    expect(JSON.stringify(await context.cookies())).not.toContain(key)
    expect(console.join('\n')).not.toContain(key)

    const withKey = requests.filter(({ headers }) => JSON.stringify(headers).includes(key))
    expect(withKey.length).toBeGreaterThan(3)
    for (const { url, headers } of withKey) {
      expect(new URL(url).pathname).toBe('/api/get-task-status')
      const { 'x-api-key': own, ...others } = headers
      expect(own).toBe(key)
      expect(JSON.stringify(others)).not.toContain(key)
    }
    for (const { url, body } of requests) expect(url + body).not.toContain(key)

    // The sandbox prints its key once, at startup, and never again.
    expect(server.output().split(key)).toHaveLength(2)
    expect(server.output().split('Ctrl+C')[1]).not.toContain(key)
  } finally {
    await server.stop()
  }
})

test('the page prompts for the key, and the task opens right after', async ({ page, sandbox }) => {
  await page.goto('/tasks/sentinel-processed')
  await expect(page.getByText('To open task')).toBeVisible()
  await page.getByRole('button', { name: 'Open the sandbox' }).click()
  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  expect(page.url()).toContain('/tasks/sentinel-processed')
  const { key } = await sandbox.state()

  await removeKey(page)
  await expect(page.getByRole('heading', { name: 'Your API key' })).toBeVisible()
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(key)
})

test('a key with a line break is rejected with an explanation, and the input stays', async ({
  page,
}) => {
  await page.goto('/')
  const field = page.getByLabel('API key')
  await field.fill('abc')
  await field.evaluate((input) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text', 'first\nsecond')
    input.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  })
  await expect(page.getByRole('alert')).toHaveText(/line break/)
  await expect(field).toHaveValue('abc')
  await field.fill('')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('alert')).toHaveText('Paste your API key.')
})

test('the account at Upscayl is linked, unless the API is the sandbox', async ({
  open,
  page,
  filesServer,
}) => {
  const link = page.getByRole('link', { name: 'Account at Upscayl' })
  const item = page.getByRole('menuitem', { name: 'Account at Upscayl' })
  const menu = page.getByRole('button', { name: /^API key/ })

  await open('/credits')
  await menu.click()
  await expect(page.getByRole('menuitem', { name: 'Sandbox' })).toBeVisible()
  await expect(item).toHaveCount(0)
  await expect(link).toHaveCount(0)

  await page.goto(`${filesServer.url}/credits`)
  await expect(link).toHaveAttribute('href', 'https://upscayl.org/account/api-keys')
  await expect(link).toHaveAttribute('rel', 'noreferrer')
  await menu.click()
  await expect(item).toHaveAttribute('href', 'https://upscayl.org/account/api-keys')
  await expect(page.getByRole('menuitem', { name: 'Sandbox' })).toHaveCount(0)
})
