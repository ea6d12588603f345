/** Files of earlier versions that are kept for open pages: those of about three versions. */
const MAX_OLD = 150

/**
 * Which of the stored files to delete, oldest first as they are stored: those of earlier versions.
 * While pages are open, only the oldest of them beyond 150, since the pages may still load the others.
 */
export function outdated(
  stored: readonly string[],
  current: ReadonlySet<string>,
  hasPages: boolean,
): readonly string[] {
  const old = stored.filter((url) => !current.has(url))
  return hasPages ? old.slice(0, Math.max(0, old.length - MAX_OLD)) : old
}
