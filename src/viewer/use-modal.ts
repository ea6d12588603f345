import { type RefObject, useLayoutEffect } from 'react'
import { openModal } from '../lib/browser/elements.ts'

/** Opens the dialog over the whole window for as long as it is on the page. */
export function useModal(dialog: RefObject<HTMLDialogElement | null>) {
  useLayoutEffect(() => {
    const element = dialog.current
    if (element === null) return
    const { style } = document.documentElement
    const overflow = style.overflow
    const close = openModal(element)
    // A wheel over the bars would scroll the page behind.
    style.overflow = 'hidden'
    // Before the dialog leaves the page it is closed, so that the focus returns to where it was.
    return () => {
      style.overflow = overflow
      close()
    }
  }, [dialog])
}
