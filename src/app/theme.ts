import { useLayoutEffect, useSyncExternalStore } from 'react'
import type { ThemeChoice } from '../components/frame-props.ts'
import { media } from '../lib/browser/media.ts'
import { siteTexts } from '../lib/browser/texts.ts'

const STORAGE_KEY = 'loupe:theme'
const ORDER: readonly ThemeChoice[] = ['system', 'light', 'dark']
const listeners = new Set<() => void>()
const system = media('(prefers-color-scheme: dark)')

function stored(): ThemeChoice {
  const value = siteTexts.get(STORAGE_KEY)
  return value === 'light' || value === 'dark' ? value : 'system'
}

let choice = stored()

function changed(): void {
  for (const listener of listeners) listener()
}

// Another tab of this origin chose: follow it.
addEventListener('storage', (event) => {
  if (event.key !== STORAGE_KEY) return
  choice = stored()
  changed()
})

export function cycleTheme(): void {
  choice = ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length] ?? 'system'
  siteTexts.set(STORAGE_KEY, choice === 'system' ? null : choice)
  changed()
}

export const useThemeChoice = (): ThemeChoice =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => choice,
  )

/** Paints the page in that theme. public/theme.js has done the same before the first paint. */
export function useTheme(theme: ThemeChoice): void {
  const dark = useSyncExternalStore(system.subscribe, system.matches)
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme === 'system' ? (dark ? 'dark' : 'light') : theme
  }, [theme, dark])
}
