import { SECOND } from '../../../core/lib/units.ts'

/*
 * Browsers abort a page's requests when it is left, and scripts still see them fail: in Chromium after
 * `pagehide`; in Firefox and WebKit right after `beforeunload`, long before the next page arrives, and
 * even if that turns out to be a download.
 */

/** By then the page is gone, or it stays: a download, or a navigation that was cancelled. */
const GONE_MS = 5 * SECOND

let leaving: { readonly stays: Promise<void>; readonly stay: () => void } | null = null
let timer: ReturnType<typeof setTimeout> | undefined

function begin(): void {
  clearTimeout(timer)
  if (leaving !== null) return
  let stay = () => {}
  const stays = new Promise<void>((resolve) => {
    stay = resolve
  })
  leaving = { stays, stay }
}

function stay(): void {
  clearTimeout(timer)
  leaving?.stay()
  leaving = null
}

/**
 * Whether the page was being left when a request failed, so that the failure says nothing about the
 * network. If it was, resolves once the page stays after all, and never if it is gone.
 */
export async function wasLeaving(): Promise<boolean> {
  if (leaving === null) return false
  await leaving.stays
  return true
}

if (typeof document !== 'undefined') {
  addEventListener('beforeunload', ({ isTrusted }) => {
    // Ours only ask whether leaving needs a confirmation (busy.ts).
    if (!isTrusted) return
    begin()
    timer = setTimeout(stay, GONE_MS)
  })
  addEventListener('pagehide', begin)
  // From the back/forward cache.
  addEventListener('pageshow', stay)
}
