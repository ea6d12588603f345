import { useLayoutEffect, useSyncExternalStore } from 'react'
import type { ThemeChoice } from '../components/frame-props.ts'

const STORAGE_KEY = 'loupe:theme'
const ORDER: readonly ThemeChoice[] = ['system', 'light', 'dark']
const listeners = new Set<() => void>()
const system = matchMedia('(prefers-color-scheme: dark)')

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(STORAGE_KEY)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
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
  try {
    if (choice === 'system') localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, choice)
  } catch {
    // Storage is denied: the choice holds until the page is left.
  }
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

function onSystem(listener: () => void): () => void {
  system.addEventListener('change', listener)
  return () => system.removeEventListener('change', listener)
}

/** Paints the page in that theme. public/theme.js has done the same before the first paint. */
export function useTheme(theme: ThemeChoice): void {
  const dark = useSyncExternalStore(onSystem, () => system.matches)
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme === 'system' ? (dark ? 'dark' : 'light') : theme
  }, [theme, dark])
}
