import { useLayoutEffect } from 'react'
import { media } from '../lib/browser/media.ts'
import { persisted, useStore } from '../lib/store.ts'
import type { ThemeChoice } from '../ui/frame-props.ts'

const ORDER: readonly ThemeChoice[] = ['system', 'light', 'dark']
const system = media('(prefers-color-scheme: dark)')

export const themeChoice = persisted<ThemeChoice>('loupe:theme', 'system', {
  parse: (text) => ORDER.find((choice) => choice === text) ?? 'system',
  format: (choice) => (choice === 'system' ? null : choice),
})

export const cycleTheme = (): void =>
  themeChoice.change((choice) => ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length] ?? 'system')

/** Applies the theme to the page. before-paint.ts has done so before the first paint. */
export function useTheme(theme: ThemeChoice): void {
  const dark = useStore(system)
  useLayoutEffect(() => {
    const shown = theme === 'system' ? (dark ? 'dark' : 'light') : theme
    document.documentElement.dataset.theme = shown
    // Of the browser's own bars: they follow the device until then.
    for (const color of document.querySelectorAll<HTMLMetaElement>('meta[data-theme]')) {
      color.media = color.dataset.theme === shown ? 'all' : 'not all'
    }
  }, [theme, dark])
}
