/*
 * What tasks of this tab were started from, to be compared with what comes of it. A File is no copy
 * of its bytes, and no storage has it: after a reload there is none.
 */

/** The oldest leaves for a newer one. */
const MOST = 20

const originals = new Map<string, File>()

export function keepOriginal(taskId: string, original: File): void {
  originals.delete(taskId)
  originals.set(taskId, original)
  const [oldest] = originals.keys()
  if (originals.size > MOST && oldest !== undefined) originals.delete(oldest)
}

/** Null for a task that was not started in this tab, or too long ago. */
export const originalOf = (taskId: string): File | null => originals.get(taskId) ?? null
