import { within } from '../within.ts'

/* What elements can do in most browsers. */

/** Opens a dialog over the whole window; else it stands where it is in the page. Returns the way to close it. */
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
    const hear = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close()
    }
    addEventListener('keydown', hear)
    return () => {
      removeEventListener('keydown', hear)
      close()
    }
  }
}

/** Its moves come to `element`, also beside it; else only those above it do. */
export function capturePointer(element: Element, pointerId: number): void {
  try {
    element.setPointerCapture(pointerId)
  } catch {
    // It was lifted meanwhile, or cannot be captured.
  }
}

/** Whether it is on the page but not drawn. False where the browser does not say. */
export function isHidden(element: Element): boolean {
  try {
    return !element.checkVisibility()
  } catch {
    return false
  }
}

/** A larger picture may be drawn before it is decoded whole. */
const PATIENCE = 3000

/** Waits until it can be drawn without a flash, where the browser tells. Never rejects. */
export async function decoded(image: HTMLImageElement): Promise<void> {
  try {
    await within(image.decode(), PATIENCE)
  } catch {
    // What cannot be decoded ahead, for its size, may still be drawn.
  }
}

/** Opens the browser's print dialog; false where there is none. */
export function printPage(): boolean {
  try {
    print()
    return true
  } catch {
    return false
  }
}
