import type { Size } from './zoom-math.ts'

/** A picture to look at. `title` is what people know it by; `thumbnailUrl` is shown until `url` has come. */
export interface Picture {
  readonly id: string
  readonly title: string
  readonly url: string
  readonly thumbnailUrl: string | null
}

/** What is laid beside a picture. The labels say which side is which. */
export interface Partner {
  readonly url: string
  readonly label: string
  readonly pictureLabel: string
  readonly isOriginal: boolean
}

export type Load =
  | { readonly kind: 'loading' }
  | { readonly kind: 'shown'; readonly size: Size }
  | { readonly kind: 'failed' }

export const LOADING: Load = { kind: 'loading' }

export type CompareMode = 'slider' | 'lens'
