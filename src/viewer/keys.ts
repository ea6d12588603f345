/** What the viewer does at the press of a key. */
export type Command =
  | 'previous'
  | 'next'
  | 'zoom-in'
  | 'zoom-out'
  | 'fit'
  | 'actual'
  | 'compare'
  | 'help'

const COMMANDS: Readonly<Record<string, Command>> = {
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  '+': 'zoom-in',
  // The same key without Shift on many keyboards.
  '=': 'zoom-in',
  '-': 'zoom-out',
  '0': 'fit',
  '1': 'actual',
  c: 'compare',
  C: 'compare',
  '?': 'help',
}

export const commandOf = (key: string): Command | null => COMMANDS[key] ?? null

/** As the help lists them. */
export const KEYS_IN_WORDS = [
  [['Left', 'Right'], 'Previous, next picture'],
  [['+', '−'], 'Zoom in, out'],
  [['0'], 'Fit to the window'],
  [['1'], 'Actual pixels'],
  [['Shift', 'Arrows'], 'Look around'],
  [['C'], 'Compare'],
  [['Arrows'], 'Move the divider or the lens'],
  [['Esc'], 'Close'],
] as const
