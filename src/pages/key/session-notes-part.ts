import { deferred } from '../../components/deferred.tsx'

/** Loaded where there is something to tell; the key page loads it ahead, so that it comes with the next page. */
export const SessionNotes = deferred(async () => (await import('./session-notes.tsx')).SessionNotes)
