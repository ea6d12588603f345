/** Shows a number on the icon of the installed app; 0 removes it. Does nothing if unsupported. Never rejects. */
export async function showBadge(count: number): Promise<void> {
  try {
    if (count === 0) await navigator.clearAppBadge()
    else await navigator.setAppBadge(count)
  } catch {
    // Missing, or refused.
  }
}
