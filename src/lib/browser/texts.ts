/*
 * Texts that outlive the page. Storage may be missing, throw on access (site data is blocked), or
 * be full: what it rejects lasts until the page is left.
 */

export interface Texts {
  readonly get: (name: string) => string | null
  /** Null removes the text. */
  readonly set: (name: string, text: string | null) => void
}

function texts(area: 'localStorage' | 'sessionStorage'): Texts {
  /** Texts that storage rejected, with what was stored at that time. */
  const unsaved = new Map<string, { readonly text: string | null; readonly over: string | null }>()
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
      const own = unsaved.get(name)
      // Another tab has written since.
      return own === undefined || own.over !== stored ? stored : own.text
    },
    set(name, text) {
      try {
        if (text === null) globalThis[area].removeItem(name)
        else globalThis[area].setItem(name, text)
        unsaved.delete(name)
      } catch {
        unsaved.set(name, { text, over: read(name) })
      }
    },
  }
}

/** Shared by all tabs, until the site's data is cleared. */
export const siteTexts = texts('localStorage')
/** For this tab, until it is closed. */
export const tabTexts = texts('sessionStorage')
