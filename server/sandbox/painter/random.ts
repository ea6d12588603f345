/** Numbers that look random and are the same for the same seed. */
export interface Random {
  readonly between: (low: number, high: number) => number
  readonly pick: <T>(items: readonly [T, ...T[]]) => T
  readonly chance: (probability: number) => boolean
}

/** Mulberry32: small, fast, and good enough for a picture. */
export function createRandom(seed: number): Random {
  let state = (seed * 0x9e3779b1) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    between: (low, high) => low + (high - low) * next(),
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    chance: (probability) => next() < probability,
  }
}

/** A smooth curve through random heights of -1 to 1, one a unit of x; octaves add finer ones. */
export type Noise = (x: number, octaves?: number) => number

export function createNoise(random: Random): Noise {
  const heights = Array.from({ length: 256 }, () => random.between(-1, 1))
  const height = (n: number) => heights[n & 255] ?? 0
  const smooth = (x: number) => {
    const cell = Math.floor(x)
    const t = x - cell
    return height(cell) + (height(cell + 1) - height(cell)) * t * t * (3 - 2 * t)
  }
  return (x, octaves = 1) => {
    let sum = 0
    for (let octave = 0; octave < octaves; octave++) {
      sum += smooth(x * 2 ** octave + octave * 37.7) / 2 ** octave
    }
    return sum / (2 - 2 ** (1 - octaves))
  }
}
