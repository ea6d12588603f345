import type { Readable } from '../store.ts'

/** Whether a media query matches. False if the browser does not say. */
export function media(query: string): Readable<boolean> {
  try {
    const list = matchMedia(query)
    return {
      get: () => list.matches,
      subscribe(changed) {
        list.addEventListener('change', changed)
        return () => list.removeEventListener('change', changed)
      },
    }
  } catch {
    return { get: () => false, subscribe: () => () => {} }
  }
}
