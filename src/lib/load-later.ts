/**
 * Loads code when first needed. Resolves with null on failure, which the caller reports: without a
 * network, behind a content blocker, or after a release, when the server has other files. Chromium
 * and Firefox never fetch a failed module again (crbug.com/1195405): retrying takes a reload.
 */
export const loadLater =
  <T>(load: () => Promise<T>): (() => Promise<T | null>) =>
  () =>
    load().catch(() => null)
