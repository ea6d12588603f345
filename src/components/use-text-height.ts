import { type RefObject, useLayoutEffect } from 'react'

/** Makes a text field as high as its text where the browser does not by itself (`field-sizing`; WebKitGTK 2.50). */
export function useTextHeight(field: RefObject<HTMLTextAreaElement | null>): void {
  useLayoutEffect(() => {
    const { current } = field
    if (current === null || CSS.supports('field-sizing', 'content')) return
    current.style.height = 'auto'
    const frame = current.offsetHeight - current.clientHeight
    current.style.height = `${current.scrollHeight + frame}px`
  })
}
