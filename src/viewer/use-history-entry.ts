import { useEffect, useRef } from 'react'

/** The router keeps its own values beside it. */
const isOwn = (): boolean => history.state?.viewer === true

/**
 * Adds a history entry for the viewer, since on a phone Back is how an image is closed. Returns what
 * closes it: it goes back if Back has not been used, then calls `onClose`.
 */
export function useHistoryEntry(onClose: () => void): () => void {
  const isClosed = useRef(false)
  useEffect(() => {
    // After a reload the page may still be on that entry.
    if (!isOwn()) history.pushState({ ...history.state, viewer: true }, '')
  }, [])
  return () => {
    if (isClosed.current) return
    isClosed.current = true
    if (isOwn()) history.back()
    onClose()
  }
}
