import { within } from '../within.ts'

/* Element features that most browsers have. */

/** Opens a modal dialog; without support it is shown in place. Returns a function to close it. */
export function openModal(dialog: HTMLDialogElement): () => void {
  const close = () => {
    try {
      dialog.close()
    } catch {
      dialog.removeAttribute('open')
    }
  }
  try {
    dialog.showModal()
    return close
  } catch {
    dialog.setAttribute('open', '')
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close()
    }
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('keydown', onKey)
      close()
    }
  }
}

/** Shows an element above everything, out of any container that clips it; else in its own place. */
export function openPopover(element: HTMLElement): void {
  try {
    if (!element.matches(':popover-open')) element.showPopover()
  } catch {
    // A browser hides a popover that it could not open.
    element.removeAttribute('popover')
  }
}

/** Sends further pointer moves to `element`, also outside of it (if supported). */
export function capturePointer(element: Element, pointerId: number): void {
  try {
    element.setPointerCapture(pointerId)
  } catch {
    // The pointer was lifted meanwhile, or cannot be captured.
  }
}

/** Whether it is in the page but not rendered. False if the browser does not say. */
export function isHidden(element: Element): boolean {
  try {
    return !element.checkVisibility()
  } catch {
    return false
  }
}

/** A larger image may be shown before it is fully decoded. */
const PATIENCE = 3000

/** Waits until the image can be shown without a flash, if supported. Never rejects. */
export async function decoded(image: HTMLImageElement): Promise<void> {
  try {
    await within(image.decode(), PATIENCE)
  } catch {
    // Too large to decode ahead; it may still be shown.
  }
}

/** Opens the browser's print dialog; false if there is none. */
export function printPage(): boolean {
  try {
    print()
    return true
  } catch {
    return false
  }
}
