/** What a media query says. */
export interface Media {
  readonly matches: () => boolean
  readonly subscribe: (changed: () => void) => () => void
}

/** Where the browser does not say, it does not match. */
export function media(query: string): Media {
  try {
    const list = matchMedia(query)
    return {
      matches: () => list.matches,
      subscribe(changed) {
        list.addEventListener('change', changed)
        return () => list.removeEventListener('change', changed)
      },
    }
  } catch {
    return { matches: () => false, subscribe: () => () => {} }
  }
}
