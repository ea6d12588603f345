import { describe, expect, test } from 'vitest'
import {
  ASSET,
  expectNothingSent,
  expectProblem,
  type Harness,
  INDEX,
  newKey,
  task,
} from './harness.ts'

/** The built dashboard, and common properties of all responses. */
export function siteConformance(stage: () => Harness): void {
  describe('the dashboard', () => {
    test.each([
      ['/', 'no-cache'],
      ['/tasks/v1.2', 'no-cache'],
      ['/tasks/a%20b', 'no-cache'],
      ['/tasks/%3Cscript%3E', 'no-cache'],
      ['/gallery/enhancing?theme=dark', 'no-cache'],
      ['/s/AbC-_9', 'no-store'],
    ])('%s is its page', async (path, caching) => {
      const response = await stage().fetch(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8/i)
      expect(response.headers.get('cache-control')).toBe(caching)
      expect(response.headers.get('vary')).toContain('Accept-Encoding')
      expect(await response.text()).toBe(INDEX)
    })

    test('has its files, hashed ones cached forever', async () => {
      const script = await stage().fetch(ASSET)
      expect(script.headers.get('content-type')).toMatch(/^text\/javascript/)
      expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(await script.text()).toContain('loupe')
      const icon = await stage().fetch('/favicon.svg')
      expect(icon.headers.get('content-type')).toMatch(/^image\/svg\+xml/)
      expect(icon.headers.get('cache-control')).toBe('no-cache')
    })

    test.each([
      ...['/assets/index-old.js', '/assets', '/assets/', '/robots.txt', '/.env', '/a/b.png'],
      ...['/files/a.png', '/samples/a.png', '/tasks/a%0Ab', '/tasks/%00'],
    ])('%s is 404 and not the page', async (path) => {
      const response = await stage().fetch(path)
      expect(response.status).toBe(404)
      expect(await response.text()).not.toContain('<title>')
    })

    test('is read-only', async () => {
      const head = await stage().fetch('/tasks/1', { method: 'HEAD' })
      expect([head.status, await head.text()]).toEqual([200, ''])
      for (const path of ['/', ASSET]) {
        const response = await stage().fetch(path, { method: 'POST' })
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      }
    })

    test('opens New task for images that were shared without a service worker', async () => {
      const form = new FormData()
      form.append('images', new Blob(['image'], { type: 'image/png' }), 'photo.png')
      const init = { method: 'POST', body: form, redirect: 'manual' } as const
      const response = await stage().fetch('/new', init)
      expect([response.status, response.headers.get('location')]).toEqual([
        303,
        '/new?shared=incomplete',
      ])
    })
  })

  test('each response under /api has the security headers of non-pages', async () => {
    const key = newKey()
    stage().upstream.respondWith(() => task())
    const answers = [
      await stage().fetch('/api/share'),
      await stage().fetch('/api/share', { headers: { 'x-api-key': key } }),
      await stage().fetch('/api/nothing', { headers: { 'x-api-key': key } }),
      await stage().ask(key, 'a'),
      await stage().ask(key, 'a'),
    ]
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    }
  })

  test('each other response has the security headers of pages', async () => {
    const answers = [
      await stage().fetch('/'),
      await stage().fetch(ASSET),
      await stage().fetch('/robots.txt'),
    ]
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('content-security-policy')).toContain(
        "script-src 'self' 'sha256-a=' 'sha256-b='; style-src 'self' 'sha256-a=' 'sha256-b=';",
      )
      expect(headers.get('content-security-policy')).toContain(stage().upstream.url)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('permissions-policy')).toContain('camera=()')
    }
  })

  test('other host names are rejected', async () => {
    expectNothingSent(stage())
    for (const path of ['/', '/api/share']) {
      const response = await stage().fetch(`http://evil.test${path}`, {
        headers: { 'x-api-key': newKey() },
      })
      await expectProblem(response, 421, 'MISDIRECTED')
    }
  })
}
