import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { serveSite } from './site.ts'

/** A build with two HTML files and one script. */
const app = new Hono().use(
  serveSite({
    file: async (c) => (c.req.path === '/assets/1f.js' ? new Response('script') : null),
    page: async (_, name) => (/^(?:index|tasks)\.html$/.test(name) ? new Response(name) : null),
  }),
)

const textAt = async (path: string) => (await app.request(path)).text()

test.each([
  ['/', 'index.html'],
  ['/tasks/0e6aa1a8', 'tasks.html'],
  ['/tasks/photo.png', 'tasks.html'],
  ['/tasks', 'tasks.html'],
  ['/unknown/page', 'index.html'],
  ['/Tasks/1', 'index.html'],
  ['/%74asks/1', 'tasks.html'],
  ['/assets/1f.js', 'script'],
])('%s is %s', async (path, text) => {
  expect(await textAt(path)).toBe(text)
})

test('a missing file is no page', async () => {
  for (const path of ['/assets/2e.js', '/assets', '/favicon.ico']) {
    expect((await app.request(path)).status).toBe(404)
  }
})
