import * as v from 'valibot'

/** Optional parts of a task that a sender shares; the rest is always visible. */
export interface Visibility {
  readonly credits: boolean
  /** Links to files and thumbnails. Anyone with such a link can get the file. */
  readonly links: boolean
}

export const visibilitySchema: v.GenericSchema<Visibility> = v.object({
  credits: v.boolean(),
  links: v.boolean(),
})
