import { within } from '../within.ts'

/* The ways out of the page: the clipboard, and what a device can pass a link on to. */

/** A browser copies at once, or not at all. */
const PATIENCE = 2000

/** False where the browser did not copy it, for whatever reason: then a person still can. */
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

/** closed: the person has decided. It takes as long as a person does, so nothing may wait for it. */
export async function passOn(title: string, url: string): Promise<'passed' | 'closed' | 'failed'> {
  try {
    await navigator.share({ title, url })
    return 'passed'
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? 'closed' : 'failed'
  }
}
