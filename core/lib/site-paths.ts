/*
 * What is at which path: the same for the server (server/http/site.ts) and for the service worker,
 * which answers in its place.
 */

/** Paths that never belong to the dashboard. */
export const isApiPath = (path: string): boolean =>
  /^\/(?:api|files|samples|uploads|healthz)(?:[/?#]|$)/.test(path)

/** Vite puts a content hash into every name here, so the content of a name never changes. */
export const isHashedPath = (path: string): boolean => /^\/assets(?:\/|$)/.test(path)

/** `/favicon.ico`, `/robots.txt`. Task IDs may contain a dot, so a task's page is never a file. */
const FILE_LIKE = /^(?!\/tasks\/).*\.[A-Za-z0-9]+$/

/** Paths of files, which are never pages. */
export const isFilePath = (path: string): boolean => isHashedPath(path) || FILE_LIKE.test(path)

/**
 * The HTML file of a path's route, named by its first segment (tools/first-paint): `/tasks/1` →
 * `tasks.html`. Where the build has none of that name, index.html is the page.
 */
export const htmlFileOf = (path: string): string =>
  `${/^\/([a-z]+)(?:\/|$)/.exec(path)?.[1] ?? 'index'}.html`

/** Where the device sends images that are shared to the installed app (public/manifest.webmanifest). */
export const SHARE_TARGET = '/new'

/** Where New task is opened if they could not be taken, or not all of them. */
export const SHARE_INCOMPLETE = '/new?shared=incomplete'
