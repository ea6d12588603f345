import assert from 'node:assert/strict'
import { startRelay } from '../support/relay.ts'
import type { Tab } from './engine.ts'
import { FIELD, labelled, named, type Step, shows, textOf, until } from './main-job.ts'

/* Loupe as an app, in any browser: its service worker, in a profile of its own. */

const TASK = 'sentinel-processed~kept'
const OFFLINE = 'Can’t reach the Loupe server.'
const NEW_VERSION = 'A new version is ready'

/** The name of the first script, which differs between releases. */
const versionOf = (tab: Tab) =>
  tab.evaluate(() => document.querySelector('script[type=module]')?.getAttribute('src') ?? '')

const isServerUp = (tab: Tab) =>
  tab.evaluate(async () => (await fetch('/healthz').catch(() => null))?.ok === true)

/** For browsers without service workers: Loupe works there, but not without its server. */
const withWorker =
  (step: Step): Step =>
  async (job) => {
    const isThere = await job.tab.evaluate(() => 'serviceWorker' in navigator)
    return isThere ? step(job) : 'skipped: this build has no service workers'
  }

export const WEB_APP: Readonly<Record<string, Step>> = {
  'can be installed: the manifest and its icons are there': async (job) => {
    job.tab = await job.elsewhere.newTab()
    await job.tab.goto(job.url)
    const icons = await job.tab.evaluate(async () => {
      const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]')
      const manifest = await (await fetch(link?.href ?? '')).json()
      return Promise.all(
        (manifest.icons as { src: string; sizes: string }[]).map(async ({ src, sizes }) => {
          const { width, height } = await createImageBitmap(await (await fetch(src)).blob())
          return [sizes, `${width}x${height}`]
        }),
      )
    })
    assert(icons.length >= 3)
    for (const [stated, real] of icons) assert.equal(real, stated)
  },

  'installs its service worker': withWorker(async ({ tab, url, key }) => {
    await tab.type(labelled('API key'), key)
    await tab.click(named('Continue'))
    await tab.click(named('Add by ID'))
    await tab.type(FIELD, TASK)
    await tab.click(named('Add'))
    await shows(tab, '10 credits deducted')
    await until('its control of the page', () =>
      tab.evaluate(() => navigator.serviceWorker.controller !== null),
    )
    await tab.goto(url)
    await shows(tab, 'Done')
  }),

  'opens without its server, with the list': withWorker(async ({ tab, url, server }) => {
    await server.kill()
    await tab.goto(url)
    await shows(tab, 'Done')
    await shows(tab, OFFLINE)
    assert(!(await isServerUp(tab)))
    assert(!(await textOf(tab)).includes(NEW_VERSION))
    await tab.goto(`${url}/tasks/${TASK}`)
    await shows(tab, '10 credits deducted')
    await server.restart()
    await tab.goto(url)
    await until('the server', () => isServerUp(tab))
  }),

  // Firefox: an empty worker was installed, and offered as a new version.
  'refuses a service worker that did not arrive as a whole': withWorker(async (job) => {
    const relay = await startRelay(job.url)
    const tab = await job.elsewhere.newTab()
    await tab.goto(relay.url)
    await until('its first worker', () =>
      tab.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration()
        return registration?.active?.state === 'activated'
      }),
    )
    relay.cut('/sw.js')
    const isTaken = await tab.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready
      return registration.update().then(
        () => true,
        () => false,
      )
    })
    assert(!isTaken)
    await tab.close()
    await relay.stop()
  }),

  'keeps nothing of the key or of the API': withWorker(async ({ tab }) => {
    const kept = await tab.evaluate(async () => {
      const key = sessionStorage.getItem('loupe:api-key') ?? ''
      const kept: { url: string; hasKey: boolean }[] = []
      for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const request of await cache.keys()) {
          const response = await cache.match(request)
          const text = `${request.url} ${await response?.text()}`
          kept.push({ url: request.url, hasKey: key === '' || text.includes(key) })
        }
      }
      return kept
    })
    assert(kept.length > 30)
    assert.deepEqual(
      kept.filter(({ hasKey }) => hasKey),
      [],
    )
    const FILE = /^\/(?:assets\/|pictures\/|favicon\.svg$|\w+\.html$)/
    assert.deepEqual(
      kept.filter(({ url }) => !FILE.test(new URL(url).pathname)),
      [],
    )
  }),

  'offers a new version, and breaks no open page': withWorker(async ({ tab, url, server }) => {
    await tab.goto(url)
    await shows(tab, 'Done')
    const before = await versionOf(tab)
    await server.release()
    // This part had not loaded, and is on no server any more.
    await tab.click("//nav//a[normalize-space()='Credits']")
    await shows(tab, 'Charged in total')
    await tab.goto(url)
    await shows(tab, NEW_VERSION)
    assert.equal(await versionOf(tab), before)
    await tab.click(named('Reload'))
    await until('the new version', async () => (await versionOf(tab)) !== before)
    await shows(tab, 'Done')
  }),

  'makes shared images those of a new task': withWorker(async ({ tab }) => {
    await tab.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 })
      canvas.getContext('2d')?.fillRect(0, 0, 9, 9)
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done))
      const files = new DataTransfer()
      files.items.add(new File([blob ?? ''], 'shared photo.png', { type: 'image/png' }))
      const form = document.createElement('form')
      Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '/new' })
      const input = Object.assign(document.createElement('input'), { type: 'file', name: 'images' })
      input.files = files.files
      form.append(input)
      document.body.append(form)
      // After the driver has its response.
      setTimeout(() => form.submit())
    })
    await shows(tab, 'shared photo.png')
    const left = await tab.evaluate(async () =>
      (await (await caches.open('loupe-shared-images')).keys()).map(({ url }) => url),
    )
    assert.deepEqual(left, [])
  }),
}
