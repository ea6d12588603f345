import { useSyncExternalStore } from 'react'

/** `system` follows the device. public/theme.js applies the same choice before the first paint. */
export type ThemeChoice = 'system' | 'light' | 'dark'

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

function apply(): void {
  const theme = choice === 'system' ? (system.matches ? 'dark' : 'light') : choice
  document.documentElement.dataset.theme = theme
  for (const listener of listeners) listener()
}

system.addEventListener('change', apply)
// Another tab of this origin chose: follow it.
addEventListener('storage', (event) => {
  if (event.key !== STORAGE_KEY) return
  choice = stored()
  apply()
})

export function cycleTheme(): void {
  choice = ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length] ?? 'system'
  try {
    if (choice === 'system') localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, choice)
  } catch {
    // Storage is denied: the choice holds until the page is left.
  }
  apply()
}

export const useThemeChoice = (): ThemeChoice =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => choice,
  )
