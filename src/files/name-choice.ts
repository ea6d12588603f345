import { siteTexts } from '../lib/browser/texts.ts'
import { DEFAULT_TEMPLATE, parseTemplate, type Template } from './name-template.ts'

/* The template that this browser names files by; each tab hears of a change in another. */

const KEPT_AS = 'loupe:file-names'

export function nameTemplate(): Template {
  const parsed = parseTemplate(siteTexts.get(KEPT_AS) ?? DEFAULT_TEMPLATE)
  return parsed.ok ? parsed.value : DEFAULT_TEMPLATE
}

/** Null brings back the usual one. */
export function chooseTemplate(template: Template | null): void {
  siteTexts.set(KEPT_AS, template)
  for (const listener of listeners) listener()
}

const listeners = new Set<() => void>()

export function subscribeToTemplate(listener: () => void): () => void {
  const hear = ({ key }: StorageEvent) => key === KEPT_AS && listener()
  listeners.add(listener)
  addEventListener('storage', hear)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', hear)
  }
}
