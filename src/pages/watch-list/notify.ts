import { useSyncExternalStore } from 'react'
import {
  askToNotify,
  notificationPermission,
  showNotification,
} from '../../lib/browser/notification.ts'
import { siteTexts } from '../../lib/browser/texts.ts'
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

/** The browser has the interface, and lets no page use it. */
let unusable = false
const listeners = new Set<() => void>()

function changed(): void {
  for (const listener of listeners) listener()
}

function choose(on: boolean): void {
  siteTexts.set(STORAGE_KEY, on ? CHOSEN : null)
  changed()
}

function permission(): NotifyPermission {
  const known = unusable ? 'unsupported' : notificationPermission()
  if (known === 'unsupported' || known === 'denied') return known
  return known === 'granted' && siteTexts.get(STORAGE_KEY) === CHOSEN ? 'on' : 'off'
}

function ask(): void {
  const known = permission()
  if (known === 'on') choose(false)
  if (known !== 'off') return
  void askToNotify().then((answer) => {
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
  const shown = showNotification(
    `${WORDS[kind]}: ${name ?? truncateMiddle(taskId, 22)}`,
    {
      body: name === null ? 'Upscayl Cloud' : `Task ${truncateMiddle(taskId, 22)}`,
      tag: taskId,
      icon: '/favicon.svg',
    },
    onOpen,
  )
  if (shown) return
  unusable = true
  changed()
}
