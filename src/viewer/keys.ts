const COMMANDS = {
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  '+': 'zoom-in',
  // Same key without Shift on many keyboards.
  '=': 'zoom-in',
  '-': 'zoom-out',
  '0': 'fit',
  '1': 'actual',
  c: 'compare',
  C: 'compare',
  d: 'download',
  '?': 'help',
} as const

/** Action of the viewer for a key press. */
export type Command = (typeof COMMANDS)[keyof typeof COMMANDS]

const byKey: ReadonlyMap<string, Command> = new Map(Object.entries(COMMANDS))

export const commandOf = (key: string): Command | null => byKey.get(key) ?? null

/** Keys as listed in the help. */
export const KEYS_IN_WORDS = [
  [['Left', 'Right'], 'Previous, next image'],
  [['+', '−'], 'Zoom in, out'],
  [['0'], 'Fit to the window'],
  [['1'], 'Actual pixels'],
  [['Shift', 'Arrows'], 'Move around'],
  [['C'], 'Compare'],
  [['D'], 'Download'],
  [['Arrows'], 'Move the divider or the lens'],
  [['Esc'], 'Close'],
] as const
