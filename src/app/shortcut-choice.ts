import { persisted } from '../lib/store.ts'

/** Whether single-key shortcuts are on. Users of speech input turn them off (WCAG 2.1.4). */
export const shortcutsOn = persisted('loupe:shortcuts', true, {
  parse: (text) => text !== 'off',
  format: (on) => (on ? null : 'off'),
})
