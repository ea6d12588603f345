import type { Random } from './random.ts'
import { circle, ellipse, repeat } from './svg.ts'

const PETALS = [
  '#e2452f',
  '#e2452f',
  '#f06a3c',
  '#ffffff',
  '#fff6d8',
  '#5f77d6',
  '#f3c63e',
  '#c86bb6',
] as const

/** A poppy, or a flower with seven petals; `size` is about its radius. */
export function flower(random: Random, x: number, y: number, size: number): string {
  const colour = random.pick(PETALS)
  if (colour === '#e2452f') {
    return (
      ellipse(x, y, size * 1.2, size * 0.9, '#b92f22') +
      ellipse(x - size * 0.2, y - size * 0.25, size, size * 0.7, colour) +
      circle(x, y + size * 0.1, size * 0.26, '#2a1512')
    )
  }
  const petals = repeat(7, (n) => {
    const angle = (n / 7) * 6.283
    return ellipse(
      x + Math.cos(angle) * size * 0.6,
      y + Math.sin(angle) * size * 0.45,
      size * 0.42,
      size * 0.34,
      colour,
    )
  })
  return petals + circle(x, y, size * 0.34, colour === '#f3c63e' ? '#b5761d' : '#f6cf52')
}
