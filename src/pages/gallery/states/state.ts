import type { ReactNode } from 'react'
import type { Width } from '../../../components/frame-props.ts'

/** Where and when a state is drawn. */
export interface Scene {
  /** Where the clock stands, epoch milliseconds. */
  readonly at: number
  /** Where the samples' pictures are, without a slash at the end. */
  readonly base: string
}

/** A page of the program in one of its states. */
export interface GalleryState {
  /** What is to be seen, in one line. */
  readonly says: string
  readonly keyGiven: boolean
  /** Of the frame around it; a page's usual one where it is not said. */
  readonly width?: Width
  readonly page: (scene: Scene) => ReactNode
  /** What a person does first: opens, types, presses. */
  readonly play?: () => Promise<void>
}

export type States<Name extends string = string> = Readonly<Record<Name, GalleryState>>

/** The same states under names that say which part they are of. */
export const prefixed = <Prefix extends string, Name extends string>(
  prefix: Prefix,
  states: States<Name>,
): States<`${Prefix}-${Name}`> =>
  Object.fromEntries(
    Object.entries(states).map(([name, state]) => [`${prefix}-${name}`, state]),
  ) as States<`${Prefix}-${Name}`>

/** One state for each name of a union: a member without a state does not compile. */
export const each = <Name extends string, T>(
  members: Readonly<Record<Name, T>>,
  draw: (member: T, name: Name) => GalleryState,
): States<Name> =>
  Object.fromEntries(
    Object.entries<T>(members).map(([name, member]) => [name, draw(member, name as Name)]),
  ) as States<Name>
