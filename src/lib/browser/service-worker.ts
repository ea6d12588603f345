import { FILES_CACHE, SKIP_WAITING } from '../worker-messages.ts'

/** How long Reload waits for the new version to take over. */
const MAX_WAIT_MS = 3000

/** Lets the new version take over, and reloads this page. Other tabs stay as they are. */
export type Reload = () => void

/** Resolves when the page has loaded and the browser has nothing else to do. */
export async function whenSettled(): Promise<void> {
  if (document.readyState !== 'complete') {
    await new Promise((resolve) => addEventListener('load', resolve, { once: true }))
  }
  await new Promise<void>((resolve) => {
    // Safari has it only behind a flag.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve())
    else setTimeout(resolve, 1000)
  })
}

/** Looks for a new version. Resolves with false if the server did not respond. Never rejects. */
export type Check = () => Promise<boolean>

/**
 * Installs the service worker at `url`. Calls back each time a version is ready that this page is
 * not of. Resolves with null where there is no service worker: over plain http, in private windows of
 * some browsers, or if the server has none. Never rejects.
 */
export async function installWorker(
  url: string,
  onNewVersion: (reload: Reload) => void,
): Promise<Check | null> {
  try {
    const workers = navigator.serviceWorker
    const wasControlled = workers.controller !== null
    const registration = await workers.register(url, { updateViaCache: 'none' })
    // A page that was loaded past its worker is not controlled. While one is still being activated,
    // for the first time, it takes over this page.
    let isInstalled = wasControlled || registration.active?.state === 'activated'
    const reload = () => {
      const { waiting } = registration
      if (waiting === null) return location.reload()
      workers.addEventListener('controllerchange', () => location.reload(), { once: true })
      waiting.postMessage(SKIP_WAITING)
      // While the worker before has a request open, the new one waits.
      setTimeout(() => location.reload(), MAX_WAIT_MS)
    }
    const look = () => {
      if (isInstalled && registration.waiting !== null) onNewVersion(reload)
    }
    look()
    registration.addEventListener('updatefound', () =>
      registration.installing?.addEventListener('statechange', look),
    )
    // By another tab, or the first installation, which is of this version.
    workers.addEventListener('controllerchange', () => {
      if (isInstalled) onNewVersion(reload)
      isInstalled = true
    })
    return async () => {
      try {
        await registration.update()
        return true
      } catch {
        const status = await statusOf(url)
        if (isGone(status)) {
          await registration.unregister()
          onNewVersion(reload)
        }
        return status !== null
      }
    }
  } catch {
    if (isGone(await statusOf(url))) await deleteFiles()
    return null
  }
}

/** HTTP status of a URL; null without a response. */
async function statusOf(url: string): Promise<number | null> {
  try {
    return (await fetch(url, { method: 'HEAD', cache: 'no-store' })).status
  } catch {
    return null
  }
}

/** Whether the server has no worker any more. Browsers would keep theirs forever (w3c/ServiceWorker#204). */
const isGone = (status: number | null): boolean => status === 404 || status === 410

async function deleteFiles(): Promise<void> {
  try {
    await caches.delete(FILES_CACHE)
  } catch {
    // Missing, or refused: then it has none.
  }
}
