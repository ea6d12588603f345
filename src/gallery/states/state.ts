import type { ReactNode } from 'react'
import type { Width } from '../../ui/frame-props.ts'

/** Place and time of a rendered state. */
export interface Scene {
  /** Time at which the clock is held, epoch milliseconds. */
  readonly at: number
  /** URL of the sample images, without a trailing slash. */
  readonly base: string
}

/** A page of the app in one of its states. */
export interface GalleryState {
  /** One-line description. */
  readonly description: string
  readonly keyGiven: boolean
  /** Width of the frame; the page's default if omitted. */
  readonly width?: Width
  readonly page: (scene: Scene) => ReactNode
  /** User interactions to perform first: open, type, press. */
  readonly play?: () => Promise<void>
}

/** A state of a page that needs a key. */
export const drawn = (
  description: string,
  page: GalleryState['page'],
  play?: () => Promise<void>,
): GalleryState => ({ description, keyGiven: true, page, ...(play && { play }) })

/** Handler of buttons without a function in screenshots. */
export const nothing = () => {}

export type States<Name extends string = string> = Readonly<Record<Name, GalleryState>>

/** The same states with a prefix that names their part. */
export const prefixed = <Prefix extends string, Name extends string>(
  prefix: Prefix,
  states: States<Name>,
): States<`${Prefix}-${Name}`> =>
  Object.fromEntries(
    Object.entries(states).map(([name, state]) => [`${prefix}-${name}`, state]),
  ) as States<`${Prefix}-${Name}`>

/** One state per member of a union: a missing one does not compile. */
export const each = <Name extends string, T>(
  members: Readonly<Record<Name, T>>,
  draw: (member: T, name: Name) => GalleryState,
): States<Name> =>
  Object.fromEntries(
    Object.entries<T>(members).map(([name, member]) => [name, draw(member, name as Name)]),
  ) as States<Name>
