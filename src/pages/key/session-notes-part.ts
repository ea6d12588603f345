import { deferred } from '../../ui/deferred.tsx'

/** Loaded when there is a note; the key page preloads it, so that it appears with the next page. */
export const SessionNotes = deferred(async () => (await import('./session-notes.tsx')).SessionNotes)
