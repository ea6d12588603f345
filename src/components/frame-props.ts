import type { ReactNode } from 'react'

/** `system` follows the device. */
export type ThemeChoice = 'system' | 'light' | 'dark'

/** What is around a page. The app draws it; the gallery shows pages in it that are not the app's own. */
export interface FrameProps {
  readonly theme: ThemeChoice
  readonly onTheme: () => void
  /** Null where there is no key to forget. */
  readonly onForgetKey: (() => void) | null
  /** `full` goes to the edges of the window; `page`, the default, keeps lines readable. */
  readonly width?: 'page' | 'full'
  readonly children: ReactNode
}
