import { useShortcut } from '../../ui/shortcuts.ts'

/** Presses what says that it has this key: `aria-keyshortcuts` is what assistive technology reads. */
function press(key: string): void {
  const all = document.querySelectorAll<HTMLElement>(`main [aria-keyshortcuts="${key}"]`)
  // The same action may stand twice, for a wide window and for a narrow one.
  ;[...all].find((one) => one.offsetParent !== null)?.click()
}

/** The keys of a task's page. */
export function useTaskKeys(): void {
  useShortcut('d', 'Download', () => press('d'))
  useShortcut('c', 'Compare', () => press('c'))
  useShortcut('s', 'Share', () => press('s'))
  useShortcut('r', 'Check now', () => press('r'))
  useShortcut('[', 'Previous task', () => press('['))
  useShortcut(']', 'Next task', () => press(']'))
}
