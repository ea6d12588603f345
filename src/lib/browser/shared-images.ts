import { DAY } from '../../../core/lib/units.ts'

/*
 * Images that were shared to the installed app, from the service worker that received them to the page
 * that takes them. In between they are in a cache of their own, for at most a day.
 */

const SHARED_CACHE = 'loupe-shared-images'
const MAX_IMAGES = 50
const MAX_BYTES = 500_000_000

/** URL under which an image is kept; `at` in epoch milliseconds. */
export const urlOfShared = (at: number, index: number, name: string): string =>
  `/shared/${at}/${index}/${encodeURIComponent(name)}`

/** When an image was shared, and its name. Null for any other URL. */
export function readShared(url: string): { readonly at: number; readonly name: string } | null {
  const [, at = '', name = ''] = /\/shared\/(\d{1,16})\/\d+\/([^/]*)$/.exec(url) ?? []
  return at === '' ? null : { at: Number(at), name: decodeURIComponent(name) }
}

/** Null if nothing was ever shared: opening a cache would create it. */
const openShared = async (): Promise<Cache | null> =>
  (await caches.has(SHARED_CACHE)) ? caches.open(SHARED_CACHE) : null

/** Keeps images until a page takes them. False if that was not possible for all of them. Never rejects. */
export async function keepShared(images: readonly File[], at: number): Promise<boolean> {
  try {
    await dropOldShared(at)
    const cache = await caches.open(SHARED_CACHE)
    let left = MAX_BYTES
    for (const [index, image] of images.slice(0, MAX_IMAGES).entries()) {
      left -= image.size
      if (left < 0) return false
      await cache.put(urlOfShared(at, index, image.name), new Response(image))
    }
    return images.length <= MAX_IMAGES
  } catch {
    return false
  }
}

/** Takes the images out, in the order in which they were shared. Never rejects. */
export async function takeShared(now: number): Promise<readonly File[]> {
  const taken: File[] = []
  try {
    await dropOldShared(now)
    const cache = await openShared()
    for (const request of (await cache?.keys()) ?? []) {
      const blob = await (await cache?.match(request))?.blob()
      // Another tab may have been faster.
      if (blob === undefined || !(await cache?.delete(request))) continue
      taken.push(new File([blob], readShared(request.url)?.name ?? '', { type: blob.type }))
    }
  } catch {
    // Missing, or refused: then none were kept.
  }
  return taken
}

/** Removes what no page has taken within a day. Never rejects. */
export async function dropOldShared(now: number): Promise<void> {
  try {
    const cache = await openShared()
    for (const request of (await cache?.keys()) ?? []) {
      const shared = readShared(request.url)
      if (shared === null || Math.abs(now - shared.at) > DAY) await cache?.delete(request)
    }
  } catch {
    // As above.
  }
}
