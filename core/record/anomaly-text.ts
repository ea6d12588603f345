import type { Anomaly } from './task-record.ts'

/** Descriptions of contradictory credit reports, with what to do about them. */
export const ANOMALY_TEXT = {
  'amount-changed': 'The amount changed after it was first reported.',
  'flag-went-back': 'Upscayl later reported no deduction. Check your account at Upscayl.',
  'charged-though-failed': 'The task failed but was charged. Contact Upscayl.',
  'other-than-announced': 'The amount differs from Upscayl’s estimate. Contact Upscayl.',
} as const satisfies Record<Anomaly, string>
