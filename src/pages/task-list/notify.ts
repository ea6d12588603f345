import { useSyncExternalStore } from 'react'
import { SECOND } from '../../../core/lib/units.ts'
import {
  askToNotify,
  notificationPermission,
  showNotification,
} from '../../lib/browser/notification.ts'
import { siteTexts } from '../../lib/browser/texts.ts'
import { now } from '../../lib/clock.ts'
import { truncateMiddle } from '../../lib/format.ts'

/*
 * System notifications, if the user chose them. The browser stores its own permission; the choice
 * is stored separately, since a page cannot return a permission.
 */

/** `unsupported`: the browser has none. `denied`: only the browser's settings can change that. */
export type NotifyPermission = 'unsupported' | 'off' | 'on' | 'denied'

export interface Notifications {
  readonly permission: NotifyPermission
  /** Toggles them; turning on may request permission. Only in response to a click. */
  readonly toggle: () => void
}

const STORAGE_KEY = 'loupe:notifications'
const CHOSEN = 'on'

/** True if the browser has the interface, but pages may not use it. */
let unusable = false
const listeners = new Set<() => void>()

/** Cached permission: reading it involves another browser process, too slow for each render. */
let drawn: { readonly permission: NotifyPermission; readonly at: number } | null = null

function changed(): void {
  drawn = null
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

function toggle(): void {
  const known = permission()
  if (known === 'on') choose(false)
  if (known !== 'off') return
  void askToNotify().then((result) => {
    if (result === 'granted') choose(true)
    else changed()
  })
}

/** Another tab changed the choice, or the user has been to the browser's settings. */
const OCCASIONS = ['storage', 'focus'] as const

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    drawn = null
    for (const type of OCCASIONS) addEventListener(type, changed)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) for (const type of OCCASIONS) removeEventListener(type, changed)
  }
}

function snapshot(): NotifyPermission {
  const at = now()
  if (drawn === null || Math.abs(at - drawn.at) >= SECOND) drawn = { permission: permission(), at }
  return drawn.permission
}

export const useNotifications = (): Notifications => ({
  permission: useSyncExternalStore(subscribe, snapshot, () => 'unsupported' as const),
  toggle,
})

export interface EndOfTask {
  readonly taskId: string
  readonly title: string
  /** As on the page: "Done · 2 failed". */
  readonly status: string
}

/** Notifies of a finished task while no page is visible. The tag merges those of several tabs. */
export function notifyEnd({ taskId, title, status }: EndOfTask, onOpen: () => void): void {
  if (document.visibilityState !== 'hidden' || permission() !== 'on') return
  const shown = showNotification(
    `${status}: ${title}`,
    {
      body: `Task ${truncateMiddle(taskId, 22)}`,
      tag: taskId,
      icon: '/favicon.svg',
    },
    onOpen,
  )
  if (shown) return
  unusable = true
  changed()
}
