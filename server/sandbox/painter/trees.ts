import type { Random } from './random.ts'
import { ellipse, group, type Point, path, polygon, repeat } from './svg.ts'

/** Path data of a fir with its foot at `x`, `y`: ragged tiers, wider towards the ground. */
export function fir(random: Random, x: number, y: number, height: number): string {
  const tiers = Math.max(5, Math.round(height / 9))
  const left: Point[] = []
  const right: Point[] = []
  for (let tier = 1; tier <= tiers; tier++) {
    const t = tier / tiers
    const reach = height * 0.2 * t ** 0.85
    const at = y - height * (1 - t * 0.94)
    const droop = height * 0.022
    left.push(
      [x - reach * random.between(0.75, 1.1), at + droop],
      [x - reach * 0.45, at - droop * 0.3],
    )
    right.push(
      [x + reach * random.between(0.75, 1.1), at + droop],
      [x + reach * 0.45, at - droop * 0.3],
    )
  }
  const trunk = height * 0.018
  return polygon([
    [x, y - height],
    ...right,
    [x + trunk, y - height * 0.05],
    [x + trunk, y],
    [x - trunk, y],
    [x - trunk, y - height * 0.05],
    ...left.reverse(),
  ])
}

/** A wind-bent juniper, dark against the light, with its foot at `x`, `y`. */
export const juniper = (random: Random, x: number, y: number) =>
  group(
    `transform="translate(${x} ${y})"`,
    path(
      'M-9 4 Q-4 -46 -26 -82 Q-8 -66 -2 -92 Q0 -120 26 -142 Q10 -104 14 -84 Q34 -100 56 -100 Q22 -82 14 -52 Q8 -22 16 4Z',
      '#200a18',
    ),
    repeat(150, () => {
      const [cx, cy, spread] = random.pick<readonly [number, number, number]>([
        [-34, -96, 34],
        [28, -158, 40],
        [62, -108, 32],
        [2, -126, 36],
      ])
      return ellipse(
        cx + random.between(-1, 1) * spread,
        cy + random.between(-0.62, 0.62) * spread,
        random.between(4, 12),
        random.between(3, 7),
        random.chance(0.22) ? '#7a4a38' : '#26101e',
        'opacity="0.92"',
      )
    }),
  )
