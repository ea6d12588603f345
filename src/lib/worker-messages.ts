/* What pages and the service worker have in common. */

/** Cache with the files of the dashboard, of this version and of earlier ones that are still open. */
export const FILES_CACHE = 'loupe-files'

/** Message by which a page lets a new version take over from the one in use. */
export const SKIP_WAITING = 'skip-waiting'
