import type { ReactNode } from 'react'
import { createStore } from '../lib/store.ts'

export interface ToastAction {
  readonly label: string
  readonly onAction: () => void
}

export interface ToastMessage {
  /** A sentence, or a few words. */
  readonly text: ReactNode
  /** Small image of what it is about. */
  readonly image?: ReactNode
  /** Each also removes the message. */
  readonly actions?: readonly ToastAction[]
  /** Runs when it goes without one of its actions. */
  readonly onGone?: () => void
}

export interface Toast extends ToastMessage {
  readonly id: number
}

/** Messages on screen, oldest first. */
export const toasts = createStore<readonly Toast[]>([])

/** More would cover the page. */
const MAX_TOASTS = 3
let lastId = 0

/** Shows a message that goes by itself after 8 seconds. Returns a function to remove it. */
export function toast(message: ToastMessage): () => void {
  const shown = { ...message, id: ++lastId }
  const all = [...toasts.get(), shown]
  toasts.set(all.slice(-MAX_TOASTS))
  for (const old of all.slice(0, -MAX_TOASTS)) old.onGone?.()
  return () => removeToast(shown)
}

export const removeToast = ({ id }: Toast): void =>
  toasts.change((all) => all.filter((one) => one.id !== id))
