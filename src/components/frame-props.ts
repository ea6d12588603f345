import type { ReactNode } from 'react'

/** `system` follows the device. */
export type ThemeChoice = 'system' | 'light' | 'dark'

export type Width = 'page' | 'wide' | 'full'

/** What is around a page. The app draws it; the gallery shows pages in it that are not the app's own. */
export interface FrameProps {
  readonly theme: ThemeChoice
  readonly onTheme: () => void
  /** Null where there is no key to forget. */
  readonly onForgetKey: (() => void) | null
  /** `page`, the default, keeps lines readable; `wide` has room for a table; `full` goes to the edges. */
  readonly width?: Width
  readonly children: ReactNode
}
