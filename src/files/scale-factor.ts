import type { Scale } from '../upscayl/task.ts'

/** The number in a scale, be it one of the documented or not; null where it holds none. */
export function scaleFactor(scale: Scale | null): number | null {
  if (scale === null) return null
  if (scale.kind === 'known') return scale.factor
  const factor = /^\d{1,3}(\.\d{1,3})?$/.test(scale.text) ? Number(scale.text) : 0
  return factor > 0 ? factor : null
}
