import type { Size } from './zoom-math.ts'

/** An image to view. `title`: the name users know; `thumbnailUrl`: shown until `url` has loaded. */
export interface ViewerImage {
  readonly id: string
  readonly title: string
  readonly url: string
  readonly thumbnailUrl: string | null
  /** Saves the file. */
  readonly save: () => void
  /** Name that it is saved under. */
  readonly saveAs: string
}

/** Result of another run of an image, to compare with. */
export interface OtherRun {
  readonly id: string
  readonly taskId: string
  readonly when: 'Earlier run' | 'Later run'
  /** "Nature Boost 2×"; empty if unknown. */
  readonly settings: string
  /** Title of the image that it belongs to; null if there is only one. */
  readonly title: string | null
  readonly thumbnailUrl: string | null
  /** Null until a new link is fetched. */
  readonly url: string | null
  /** Fetches a new link, which uses one check. False if none came. */
  readonly renew: () => Promise<boolean>
}

/** Image to compare with. The labels say which side is which. */
export interface Partner {
  readonly url: string
  readonly label: string
  readonly imageLabel: string
  readonly isOriginal: boolean
}

export type Load =
  | { readonly kind: 'loading' }
  | { readonly kind: 'shown'; readonly size: Size }
  | { readonly kind: 'failed' }

export const LOADING: Load = { kind: 'loading' }

export type CompareMode = 'slider' | 'lens'
