import { type RefObject, useLayoutEffect, useState } from 'react'
import { onResize } from '../../lib/browser/resize.ts'

export interface PlaceInPage<T> {
  /** Distance from the top of the page, in pixels. */
  readonly top: number
  /** The root's font size, in pixels. */
  readonly rem: number
  /** What `read` makes of the width. */
  readonly width: T
}

/**
 * Place of a list that renders only what is near the window; renders again when it changes. `read`: what
 * the list needs of its width, in pixels. It must not change. `initial`: that before it was measured.
 */
export function usePlaceInPage<T>(
  box: RefObject<HTMLElement | null>,
  initial: T,
  read: (width: number, rem: number) => T,
): PlaceInPage<T> {
  const [place, setPlace] = useState({ top: 0, rem: 16, width: initial })
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      const top = element.getBoundingClientRect().top + scrollY
      const width = read(element.clientWidth, rem)
      setPlace((was) =>
        was.top === top && was.rem === rem && was.width === width ? was : { top, rem, width },
      )
    }
    measure()
    // Content above the list moves it without resizing it.
    return onResize([element, document.body], measure)
  }, [box, read])
  return place
}
