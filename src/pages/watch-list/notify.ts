import { useSyncExternalStore } from 'react'
import { truncateMiddle } from '../../lib/format.ts'

/*
 * Notifications of the system, where a person chose them. The browser keeps its own permission; the
 * choice beside it is ours, since a page cannot give a permission back.
 */

/** `unsupported`: this browser shows none. `denied`: it was told not to, and only its settings change that. */
export type NotifyPermission = 'unsupported' | 'off' | 'on' | 'denied'

export interface Notifications {
  readonly permission: NotifyPermission
  /** Turns them on, where the browser allows it after asking, or off. Only for a click. */
  readonly ask: () => void
}

const STORAGE_KEY = 'loupe:notifications'
const CHOSEN = 'on'

/** Where storage is denied the choice holds until the page is left. */
let choice: string | null = null
/** Chrome on Android has the interface and throws when a page uses it (crbug.com/481856). */
let unusable = false
const listeners = new Set<() => void>()

function changed(): void {
  for (const listener of listeners) listener()
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch {
    return choice
  }
}

function choose(on: boolean): void {
  choice = on ? CHOSEN : null
  try {
    if (on) localStorage.setItem(STORAGE_KEY, CHOSEN)
    else localStorage.removeItem(STORAGE_KEY)
  } catch {
    // It holds until the page is left.
  }
  changed()
}

function permission(): NotifyPermission {
  // Over plain http browsers call it denied, and no setting changes that.
  if (unusable || !isSecureContext || !('Notification' in globalThis)) return 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  return Notification.permission === 'granted' && stored() === CHOSEN ? 'on' : 'off'
}

function ask(): void {
  const known = permission()
  if (known === 'on') choose(false)
  if (known !== 'off') return
  void Notification.requestPermission().then((answer) => {
    if (answer === 'granted') choose(true)
    else changed()
  })
}

/** Another tab chose, or the person has been to the browser's settings. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  addEventListener('focus', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
    removeEventListener('focus', listener)
  }
}

export const useNotifications = (): Notifications => ({
  permission: useSyncExternalStore(subscribe, permission, () => 'unsupported' as const),
  ask,
})

export interface EndOfTask {
  readonly taskId: string
  /** Of its first file; null where none is known. */
  readonly name: string | null
  readonly kind: 'processed' | 'failed'
}

const WORDS = { processed: 'Done', failed: 'Failed' } as const

/** Tells of an end where nobody looks at the page. The tag makes one of what several tabs tell. */
export function notifyEnd({ taskId, name, kind }: EndOfTask, onOpen: () => void): void {
  if (document.visibilityState !== 'hidden' || permission() !== 'on') return
  try {
    const notification = new Notification(`${WORDS[kind]}: ${name ?? truncateMiddle(taskId, 22)}`, {
      body: name === null ? 'Upscayl Cloud' : `Task ${truncateMiddle(taskId, 22)}`,
      tag: taskId,
      icon: '/favicon.svg',
    })
    notification.onclick = () => {
      window.focus()
      notification.close()
      onOpen()
    }
  } catch {
    unusable = true
    changed()
  }
}
