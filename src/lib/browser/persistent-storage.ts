let requested = false

/**
 * Requests persistent storage once a visit, so that data survives when space is short. Nothing
 * waits for the result, and a denial changes nothing: Chromium decides on its own, Firefox asks
 * the user.
 */
export async function requestPersistence(): Promise<void> {
  if (requested) return
  requested = true
  try {
    const { storage } = navigator
    if (!(await storage.persisted())) await storage.persist()
  } catch {
    // Missing, or blocked.
  }
}
