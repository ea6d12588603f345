import { FILES_CACHE, SKIP_WAITING } from '../worker-messages.ts'

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

/**
 * Installs the service worker at `url`. Calls back each time a version is ready that this page is
 * not of. Resolves with a function that looks for one, or null where there is no service worker:
 * over plain http, in private windows of some browsers, or if the server has none. Never rejects.
 */
export async function installWorker(
  url: string,
  onNewVersion: (reload: Reload) => void,
): Promise<(() => Promise<void>) | null> {
  try {
    const workers = navigator.serviceWorker
    let isControlled = workers.controller !== null
    const registration = await workers.register(url, { updateViaCache: 'none' })
    const reload = () => {
      const { waiting } = registration
      if (waiting === null) return location.reload()
      workers.addEventListener('controllerchange', () => location.reload(), { once: true })
      waiting.postMessage(SKIP_WAITING)
    }
    const look = () => {
      if (isControlled && registration.waiting !== null) onNewVersion(reload)
    }
    look()
    registration.addEventListener('updatefound', () =>
      registration.installing?.addEventListener('statechange', look),
    )
    // By another tab, or the first installation, which is of this version.
    workers.addEventListener('controllerchange', () => {
      if (isControlled) onNewVersion(reload)
      isControlled = true
    })
    return async () => {
      try {
        await registration.update()
      } catch {
        if (!(await isGone(url))) return
        await registration.unregister()
        onNewVersion(reload)
      }
    }
  } catch {
    if (await isGone(url)) await deleteFiles()
    return null
  }
}

/** Whether the server has no worker any more. Browsers would keep theirs forever (w3c/ServiceWorker#204). */
async function isGone(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url, { method: 'HEAD', cache: 'no-store' })
    return status === 404 || status === 410
  } catch {
    return false
  }
}

async function deleteFiles(): Promise<void> {
  try {
    await caches.delete(FILES_CACHE)
  } catch {
    // Missing, or refused: then it has none.
  }
}
