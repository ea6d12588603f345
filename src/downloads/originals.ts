/*
 * Original files of the tasks started in this tab, for comparison with the results. A File is no
 * copy of its bytes and is not stored: it is gone after a reload.
 */

/** Limit; the oldest is dropped. */
const MAX_ORIGINALS = 20

const originals = new Map<string, File>()

export function keepOriginal(taskId: string, original: File): void {
  originals.delete(taskId)
  originals.set(taskId, original)
  const [oldest] = originals.keys()
  if (originals.size > MAX_ORIGINALS && oldest !== undefined) originals.delete(oldest)
}

/** Null for a task that was not started in this tab, or too long ago. */
export const originalOf = (taskId: string): File | null => originals.get(taskId) ?? null
