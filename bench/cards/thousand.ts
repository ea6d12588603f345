import { PICTURES } from '../../core/api/samples.ts'
import type { Settings, TaskFile } from '../../core/api/task.ts'
import { MINUTE } from '../../core/lib/units.ts'

export const COUNT = 1000

export const SETTINGS: Settings = {
  model: 'upscayl-standard-4x',
  scale: { kind: 'known', factor: 4 },
  saveImageAs: 'png',
  compression: 80,
  batchMode: true,
  enhanceFace: false,
}

/**
 * Files that expire six to nine and a half minutes after `at` (epoch ms), so that each counts
 * seconds and none crosses a threshold during the measurement. Their expiry times are not whole
 * seconds apart: cards in step would share one timer, which is the easier case.
 */
export function thousandFiles(at: number, origin: string): TaskFile[] {
  return Array.from({ length: COUNT }, (_, n) => {
    const picture = PICTURES[n % PICTURES.length] ?? 'dunes'
    return {
      id: `file-${n}`,
      originalName: `${picture}-${n}.png`,
      storedName: `1k2jj2b3c-${picture}-${n}.png`,
      type: 'image/png',
      size: 5_284_210 + n,
      dimensions: { width: 2560, height: 1600 },
      createdAt: at - 12 * MINUTE,
      expiresAt: at + 6 * MINUTE + ((n * 7919) % 3500) * 60 + (n % 60),
      downloadUrl: `${origin}/files/${n}.png`,
      // Images are not measured here, and would have to be the same in every page.
      thumbnailUrl: null,
      failed: false,
    }
  })
}
