import type { Oddity } from '../polling/task-record.ts'

/** What the API said of credits that does not fit together, and what to do about it. */
export const ODDITY_WORDS = {
  'amount-changed': 'A later answer names another amount than the first.',
  'flag-went-back': 'A later answer says that nothing was deducted. Check your account at Upscayl.',
  'charged-though-failed': 'The task failed, and was charged all the same. Ask Upscayl about it.',
  'other-than-announced': 'Upscayl announced another amount at the start. Ask Upscayl about it.',
} as const satisfies Record<Oddity, string>
