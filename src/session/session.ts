import { useSyncExternalStore } from 'react'
import { openChannel } from '../lib/browser/channel.ts'
import { siteTexts, tabTexts } from '../lib/browser/texts.ts'
import { type ApiKey, asApiKey, hashKey } from './api-key.ts'

/*
 * The API key of this tab. It lives in sessionStorage, which dies with the tab; where the browser
 * denies storage, in memory until the page is left. Over a channel of this origin a tab that has a
 * key gives it to one that asks for it, and forgetting it is told to all.
 */

/** What a person has to be told beside the page. handed-over: the key is from another tab. */
export type Note = 'handed-over' | 'in-address'

export interface Session {
  readonly key: ApiKey | null
  /** Where a person had the last key forgotten. After that none is taken from another tab unasked. */
  readonly forgotten: 'here' | 'elsewhere' | null
  readonly notes: readonly Note[]
}

const STORAGE_KEY = 'loupe:api-key'
export const sessionChannel = openChannel('loupe:session')
export const ASKING = 'asking'
export const forgottenWord = (key: ApiKey): string => `forgotten ${hashKey(key)}`

const listeners = new Set<() => void>()
let session: Session = {
  key: asApiKey(tabTexts.get(STORAGE_KEY) ?? ''),
  forgotten: null,
  notes: [],
}

function change(next: Partial<Session>): void {
  session = { ...session, ...next }
  tabTexts.set(STORAGE_KEY, session.key)
  for (const listener of listeners) listener()
}

/** For tabs that hear nothing, since the browser has put them away: they look when they come back. */
const mark = (key: ApiKey) => `loupe:${forgottenWord(key)}`

// Where storage is denied, tabs that are awake hear of it all the same.
const isForgotten = (key: ApiKey): boolean => siteTexts.get(mark(key)) !== null
const setForgotten = (key: ApiKey, forgotten: boolean): void =>
  siteTexts.set(mark(key), forgotten ? '' : null)

const without = (note: Note) => session.notes.filter((it) => it !== note)

const lose = (forgotten: 'here' | 'elsewhere') =>
  change({ key: null, forgotten, notes: without('handed-over') })

/** Keeps what a person gave. */
export function rememberKey(key: ApiKey): void {
  setForgotten(key, false)
  change({ key, forgotten: null, notes: without('handed-over') })
}

/** Keeps what another tab gave. False where a person has had that key forgotten meanwhile. */
export function takeKey(key: ApiKey): boolean {
  if (isForgotten(key)) return false
  change({ key, forgotten: null, notes: [...without('handed-over'), 'handed-over'] })
  return true
}

/** In this tab and in each other that has the same key. */
export function forgetKey(): void {
  const { key } = session
  if (key === null) return
  setForgotten(key, true)
  sessionChannel.post(forgottenWord(key))
  lose('here')
}

export const tell = (note: Note): void => change({ notes: [...without(note), note] })
export const dismiss = (note: Note): void => change({ notes: without(note) })

// Compared as a whole with what may be said, so there is nothing to parse.
sessionChannel.listen((data) => {
  const { key } = session
  if (key === null) return
  // The one message that holds a key: only tabs of this origin, in this browser, can ask and hear.
  if (data === ASKING) sessionChannel.post({ key })
  else if (data === forgottenWord(key)) lose('elsewhere')
})

/** A tab that was discarded, or is shown again from the browser's memory, has missed what was said. */
function lookForMark(): void {
  if (session.key !== null && isForgotten(session.key)) lose('elsewhere')
}
lookForMark()
globalThis.addEventListener?.('pageshow', lookForMark)

/** Calls back when the session has changed. */
export function subscribeToKey(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The key of this tab, or null where none was given yet. */
export const currentKey = (): ApiKey | null => session.key
const currentSession = (): Session => session
export const useSession = (): Session =>
  useSyncExternalStore(subscribeToKey, currentSession, currentSession)
