import { createHash } from 'node:crypto'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test } from 'vitest'
import { htmlFileOf } from '../core/lib/site-paths.ts'
import { routes } from '../src/lib/paths.ts'
import { PAGES, regExpOf } from '../tools/first-paint/first-paint.ts'

/*
 * The HTML of each route, as built: what it shows and loads without having run a script of the
 * page. e2e/first-paint.e2e.ts checks the same in the browser.
 */

const files = new Map<string, string>()

beforeAll(async () => {
  const built = (await build({
    logLevel: 'silent',
    build: { write: false },
  })) as Rolldown.RolldownOutput
  for (const file of built.output) {
    files.set(file.fileName, file.type === 'chunk' ? file.code : String(file.source))
  }
}, 60_000)

const PAGE_NAMES = Object.keys(PAGES) as (keyof typeof PAGES)[]
const htmlOf = (name: keyof typeof routes) => files.get(htmlFileOf(routes[name])) ?? ''
const listOf = (html: string, attribute: string) =>
  (new RegExp(`data-${attribute}="([^"]*)"`).exec(html)?.[1] ?? '').split(' ').filter(Boolean)

test.each(PAGE_NAMES)('%s: the frame and the page are in the HTML', (name) => {
  const html = htmlOf(name)
  expect(html.match(/<header/g)).toHaveLength(2)
  expect(html.match(/<main/g)).toHaveLength(2)
  expect(html).toContain('data-shell="skeleton"')
  expect(html.includes('data-shell="key-form"')).toBe(!/live|snapshot/.test(name))
  // A second title would be the one of the tab.
  expect(html.match(/<title>/g)).toHaveLength(1)
})

test.each(PAGE_NAMES)('%s: the HTML names existing files, each once', (name) => {
  const html = htmlOf(name)
  const scripts = Array.from(html.matchAll(/<script[^>]* src="([^"]*)"/g), ([, url = '']) => url)
  for (const attribute of ['keyless', 'keyed', 'late']) {
    const urls = [...scripts, ...listOf(html, attribute)]
    expect(new Set(urls).size).toBe(urls.length)
    for (const url of urls) expect(files.has(url.slice(1)), url).toBe(true)
  }
})

test.each(PAGE_NAMES)('%s: preloaded chunks import nothing else', (name) => {
  const html = htmlOf(name)
  for (const attribute of ['keyless', 'keyed', 'late']) {
    for (const url of listOf(html, attribute)) {
      const code = files.get(url.slice(1)) ?? ''
      const imports = Array.from(code.matchAll(/from"\.\/([^"]*)"/g), ([, file = '']) => file)
      for (const file of imports)
        expect(html, `${url} imports ${file}`).toContain(`/assets/${file}`)
    }
  }
})

const inlined = (html: string, tag: string) =>
  Array.from(
    html.matchAll(new RegExp(`<${tag}[^>]*>(?!</)(.+?)</${tag}>`, 'gs')),
    ([, text = '']) => text,
  )

test.each(PAGE_NAMES)('%s: its policy allows its one script and style by their hashes', (name) => {
  const html = htmlOf(name)
  const texts = [...inlined(html, 'script'), ...inlined(html, 'style')]
  expect(texts).toHaveLength(2)
  for (const text of texts) {
    const hash = createHash('sha256').update(text).digest('base64')
    expect(html).toContain(`'self' 'sha256-${hash}'`)
  }
  expect(html).not.toMatch(/ style="/)
})

test('the HTML itself requests no font, since that request would tell the URL of the page', () => {
  const html = htmlOf('home')
  expect(html).not.toContain('.woff2')
  const [, fonts = ''] = /<link rel="stylesheet" href="\/([^"]*)"/.exec(html) ?? []
  expect(files.get(fonts)?.match(/\.woff2/g)?.length).toBeGreaterThan(1)
})

test('the script before the paint imports nothing', () => {
  const [script] = inlined(htmlOf('home'), 'script')
  expect(script).toMatch(/currentScript/)
  expect(script).not.toMatch(/\bimport\b|\bexport\b/)
})

test('paths are matched as the router matches them', () => {
  expect([routes.home, routes.task, routes.live].map(htmlFileOf)).toEqual([
    'index.html',
    'tasks.html',
    's.html',
  ])
  const isTask = new RegExp(regExpOf(routes.task), 'i')
  const paths = ['/tasks/1', '/Tasks/1/', '/tasks/', '/tasks', '/tasks/1/2']
  expect(paths.map((path) => isTask.test(path))).toEqual([true, true, false, false, false])
  expect(new RegExp(regExpOf(routes.home)).test('/')).toBe(true)
  expect(new RegExp(regExpOf(routes.home)).test('/new')).toBe(false)
})
