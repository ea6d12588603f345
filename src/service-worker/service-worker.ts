/// <reference types="workbox-precaching" />
import { PrecacheController } from 'workbox-precaching/PrecacheController.js'
import {
  htmlFileOf,
  isApiPath,
  isFilePath,
  isHashedPath,
  SHARE_INCOMPLETE,
  SHARE_TARGET,
} from '../../core/lib/site-paths.ts'
import { keepShared } from '../lib/browser/shared-images.ts'
import { FILES_CACHE, SKIP_WAITING } from '../lib/worker-messages.ts'
import { outdated } from './outdated.ts'

/*
 * The service worker, /sw.js: answers with the files of the build from a cache, so that pages open at
 * once and without a network. It never touches requests to the API or to other origins, and keeps
 * nothing of a page's URL, which can contain a key or grant access. Images that the device shares to
 * the app become those of a new task.
 */

declare const self: ServiceWorkerGlobalScope

const files = new PrecacheController({ cacheName: FILES_CACHE })
// The list of files: tools/service-worker.ts.
files.addToCacheList(self.__WB_MANIFEST)

// Files are named or marked by their content, so those of the version in use stay as they are.
self.addEventListener('install', (event) => void files.install(event))

self.addEventListener('activate', (event) => event.waitUntil(activate()))

/** Open pages load files of their own version later on, so those stay until the pages are closed. */
async function activate(): Promise<void> {
  const [cache, pages] = await Promise.all([
    caches.open(FILES_CACHE),
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }),
  ])
  const stored = (await cache.keys()).map(({ url }) => url)
  const current = new Set(files.getURLsToCacheKeys().values())
  for (const url of outdated(stored, current, pages.length > 0)) await cache.delete(url)
  // Also pages that were opened before the first installation.
  await self.clients.claim()
}

self.addEventListener('message', ({ data }) => {
  if (data === SKIP_WAITING) void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin || isApiPath(pathname)) return
  if (request.method === 'POST' && pathname === SHARE_TARGET) event.respondWith(receive(request))
  if (request.method !== 'GET') return
  const key = request.mode === 'navigate' ? pageKey(pathname) : fileKey(pathname)
  if (key !== undefined) event.respondWith(cachedOr(key, request))
})

/** The HTML of a page, as the server would choose it. */
const pageKey = (path: string): string | undefined =>
  isFilePath(path)
    ? fileKey(path)
    : (files.getCacheKeyForURL(htmlFileOf(path)) ?? files.getCacheKeyForURL('index.html'))

/** Hashed files may be those of an earlier version. */
const fileKey = (path: string): string | undefined =>
  isHashedPath(path) ? path : files.getCacheKeyForURL(path)

async function cachedOr(key: string, request: Request): Promise<Response> {
  // Without storage, as on a full disk, the server still has them.
  const cached = await caches.match(key, { cacheName: FILES_CACHE }).catch(() => undefined)
  return cached ?? fetch(request)
}

/** Opens New task, which takes the images; before that, the page may still ask for the key. */
async function receive(request: Request): Promise<Response> {
  const images = await sharedImages(request)
  const areKept = images !== null && (await keepShared(images, Date.now()))
  return Response.redirect(areKept ? SHARE_TARGET : SHARE_INCOMPLETE, 303)
}

async function sharedImages(request: Request): Promise<readonly File[] | null> {
  try {
    return (await request.formData()).getAll('images').filter((it) => it instanceof File)
  } catch {
    return null
  }
}
