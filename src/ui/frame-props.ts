import type { ReactNode } from 'react'

/** `system` follows the device. */
export type ThemeChoice = 'system' | 'light' | 'dark'

export type Width = 'page' | 'wide' | 'full'

/** The header's data about a key. Passed in, since it loads later, and the gallery shows samples. */
export interface KeyTools {
  /** Number of tasks. */
  readonly count: ReactNode
  /** Search, what runs, checks left, the key's menu. */
  readonly tools: ReactNode
  /** The same in the bar of narrow pages. */
  readonly more: ReactNode
}

/** Frame around a page. Passed in, so that the gallery can show pages in the app's frame. */
export interface FrameProps {
  readonly theme: ThemeChoice
  /** Switches to the next. */
  readonly onTheme: () => void
  /** Null without a key: no page that needs one is linked. */
  readonly keyTools: KeyTools | null
  /** `full` has the whole width. */
  readonly width?: Width
  /** Paths with the same page share its state; by default each path has its own. */
  readonly page?: string
  readonly children: ReactNode
}
