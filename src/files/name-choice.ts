import { DEFAULT_TEMPLATE, parseTemplate, type Template } from './name-template.ts'

/* The template that this browser names files by; each tab hears of a change in another. */

const KEPT_AS = 'loupe:file-names'

export function nameTemplate(): Template {
  const parsed = parseTemplate(read() ?? DEFAULT_TEMPLATE)
  return parsed.ok ? parsed.value : DEFAULT_TEMPLATE
}

/** Null brings back the usual one. A browser that keeps nothing names by it until the page closes. */
export function chooseTemplate(template: Template | null): void {
  unkept = template
  try {
    if (template === null) localStorage.removeItem(KEPT_AS)
    else localStorage.setItem(KEPT_AS, template)
  } catch {}
  for (const listener of listeners) listener()
}

let unkept: Template | null = null
const listeners = new Set<() => void>()

function read(): string | null {
  try {
    return localStorage.getItem(KEPT_AS) ?? unkept
  } catch {
    return unkept
  }
}

export function subscribeToTemplate(listener: () => void): () => void {
  const hear = ({ key }: StorageEvent) => key === KEPT_AS && listener()
  listeners.add(listener)
  addEventListener('storage', hear)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', hear)
  }
}
