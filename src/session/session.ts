import { openChannel } from '../lib/browser/channel.ts'
import { siteTexts, tabTexts } from '../lib/browser/texts.ts'
import { createStore, useStore } from '../lib/store.ts'
import { type ApiKey, asApiKey, hashKey } from './api-key.ts'

/*
 * The API key of this tab. It is kept in sessionStorage, which ends with the tab, or in memory until the
 * page is left if the browser denies storage. Over a channel of this origin, a tab with a key sends it to
 * tabs that request it, and removing it is announced to all.
 */

/** Notices for the user. handed-over: the key is from another tab. */
export type Note = 'handed-over' | 'in-address'

export interface Session {
  readonly key: ApiKey | null
  /** Where the user removed the last key. After that no key of another tab is used automatically. */
  readonly forgotten: 'here' | 'elsewhere' | null
  readonly notes: readonly Note[]
}

const STORAGE_KEY = 'loupe:api-key'
/** Set once a key has been used in this browser: before that, no other tab has one. */
const USED_KEY = 'loupe:key-used'
export const sessionChannel = openChannel('loupe:session')
export const KEY_REQUEST = 'asking'
export const forgottenWord = (key: ApiKey): string => `forgotten ${hashKey(key)}`

const session = createStore<Session>({
  key: asApiKey(tabTexts.get(STORAGE_KEY) ?? ''),
  forgotten: null,
  notes: [],
})

function change(next: Partial<Session>): void {
  const all = { ...session.get(), ...next }
  tabTexts.set(STORAGE_KEY, all.key)
  markUsed(all.key)
  session.set(all)
}

const markUsed = (key: ApiKey | null) => {
  if (key !== null && !mayHaveKeyElsewhere()) siteTexts.set(USED_KEY, '')
}

/** Whether another tab may have a key. False as well if storage is denied. */
export const mayHaveKeyElsewhere = (): boolean => siteTexts.get(USED_KEY) !== null

/** Stored for tabs that the browser has suspended: they check it when they resume. */
const mark = (key: ApiKey) => `loupe:${forgottenWord(key)}`

// If storage is denied, running tabs still get the message.
const isForgotten = (key: ApiKey): boolean => siteTexts.get(mark(key)) !== null
const setForgotten = (key: ApiKey, forgotten: boolean): void =>
  siteTexts.set(mark(key), forgotten ? '' : null)

const without = (note: Note) => session.get().notes.filter((it) => it !== note)

const clearKey = (forgotten: 'here' | 'elsewhere') =>
  change({ key: null, forgotten, notes: without('handed-over') })

/** Stores a key that the user entered. */
export function rememberKey(key: ApiKey): void {
  setForgotten(key, false)
  change({ key, forgotten: null, notes: without('handed-over') })
}

/** Stores a key from another tab. False if the user has removed that key meanwhile. */
export function takeKey(key: ApiKey): boolean {
  if (isForgotten(key)) return false
  change({ key, forgotten: null, notes: [...without('handed-over'), 'handed-over'] })
  return true
}

/** Removes the key in all tabs that have it. Returns a function that gives it back to this tab. */
export function forgetKey(): () => void {
  const { key } = session.get()
  if (key === null) return () => {}
  setForgotten(key, true)
  sessionChannel.post(forgottenWord(key))
  clearKey('here')
  return () => rememberKey(key)
}

export const tell = (note: Note): void => change({ notes: [...without(note), note] })
export const dismiss = (note: Note): void => change({ notes: without(note) })

// Messages are compared with the expected strings, so there is nothing to parse.
sessionChannel.listen((data) => {
  const { key } = session.get()
  if (key === null) return
  // The only message with a key: only tabs of this origin, in this browser, can request and receive it.
  if (data === KEY_REQUEST) sessionChannel.post({ key })
  else if (data === forgottenWord(key)) clearKey('elsewhere')
})

/** A tab that was discarded, or restored from the back/forward cache, has missed messages. */
function checkMark(): void {
  const { key } = session.get()
  if (key !== null && isForgotten(key)) clearKey('elsewhere')
}
checkMark()
markUsed(session.get().key)
globalThis.addEventListener?.('pageshow', checkMark)

/** Calls back when the session has changed. Returns a function to stop. */
export const subscribeToKey = session.subscribe

/** The key of this tab, or null if it has none. */
export const currentKey = (): ApiKey | null => session.get().key
export const useSession = (): Session => useStore(session)
