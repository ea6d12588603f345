import { within } from '../within.ts'

/* Ways out of the page: the clipboard, and the device's share sheet. */

/** A browser copies immediately or not at all (milliseconds). */
const PATIENCE = 2000

/** False if the browser did not copy, for any reason: the user still can. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await within(navigator.clipboard.writeText(text), PATIENCE)
    return true
  } catch {
    return false
  }
}

export function canPassOn(): boolean {
  try {
    return typeof navigator.share === 'function'
  } catch {
    return false
  }
}

/** `closed`: dismissed. It stays open as long as the user likes, so nothing may wait for it. */
export async function passOn(title: string, url: string): Promise<'passed' | 'closed' | 'failed'> {
  try {
    await navigator.share({ title, url })
    return 'passed'
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? 'closed' : 'failed'
  }
}
