/*
 * Texts that outlive the page. Storage may be missing, throw where it is only named (site data is blocked),
 * or be full: what it does not take lasts until the page is left.
 */

export interface Texts {
  readonly get: (name: string) => string | null
  /** Null takes it away. */
  readonly set: (name: string, text: string | null) => void
}

function texts(area: 'localStorage' | 'sessionStorage'): Texts {
  /** What storage did not take, and what lay there at that time. */
  const unkept = new Map<string, { readonly text: string | null; readonly over: string | null }>()
  const read = (name: string): string | null => {
    try {
      return globalThis[area].getItem(name)
    } catch {
      return null
    }
  }
  return {
    get(name) {
      const stored = read(name)
      const own = unkept.get(name)
      // Another tab has written since.
      return own === undefined || own.over !== stored ? stored : own.text
    },
    set(name, text) {
      try {
        if (text === null) globalThis[area].removeItem(name)
        else globalThis[area].setItem(name, text)
        unkept.delete(name)
      } catch {
        unkept.set(name, { text, over: read(name) })
      }
    },
  }
}

/** Of all tabs, until the site's data is cleared. */
export const siteTexts = texts('localStorage')
/** Of this tab, until it is closed. */
export const tabTexts = texts('sessionStorage')
