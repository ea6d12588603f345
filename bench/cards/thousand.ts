import { MINUTE } from '../../src/lib/units.ts'
import { PICTURES } from '../../src/upscayl/samples.ts'
import type { Settings, TaskFile } from '../../src/upscayl/task.ts'

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
 * Files that end between six and nine and a half minutes from `at` (epoch ms), so that each counts
 * seconds and none passes a threshold while it is watched. Their ends are no whole seconds apart:
 * cards in step would share one waking, which is the easier case.
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
      // Pictures are another matter, and would have to be the same in every page.
      thumbnailUrl: null,
    }
  })
}
