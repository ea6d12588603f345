import { HOUR, SECOND } from '../../core/lib/units.ts'
import { reportNoResponse } from '../api/server-signals.ts'
import { installWorker, type Reload, whenSettled } from '../lib/browser/service-worker.ts'
import { dropOldShared } from '../lib/browser/shared-images.ts'
import { now, wakeWhen } from '../lib/clock.ts'
import { createStore } from '../lib/store.ts'
import { asksBeforeLeaving, isDialogOpen, isWriting } from '../ui/busy.ts'

/** Reloads the page with the new version, while one is offered. */
export const newVersion = createStore<Reload | null>(null)

/** Time until the next try to offer it. */
const BUSY_MS = 5 * SECOND

let started = false

/** Installs the service worker (src/service-worker), and looks for new versions about every hour. */
export async function startUpdates(): Promise<void> {
  // In development every file is new.
  if (started || !import.meta.env.PROD) return
  started = true
  await whenSettled()
  void dropOldShared(now())
  const check = await installWorker('/sw.js', offer)
  if (check === null) return
  const checkNow = async () => {
    // A page that opens without the server may have no other reason to notice.
    if (!(await check())) await reportNoResponse()
  }
  const checkHourly = () => {
    if (document.visibilityState === 'visible') void checkNow()
    wakeWhen(now() + HOUR, checkHourly)
  }
  checkHourly()
}

function offer(reload: Reload): void {
  const isBusy = isDialogOpen() || isWriting() || asksBeforeLeaving()
  if (isBusy) wakeWhen(now() + BUSY_MS, () => offer(reload))
  else newVersion.set(reload)
}
