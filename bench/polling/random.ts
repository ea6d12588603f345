/** A seeded random number generator: the same seed gives the same world on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  unit(): number
  between(low: number, high: number): number
  /** A whole number, both bounds included. */
  whole(low: number, high: number): number
  exponential(mean: number): number
  logNormal(median: number, sigma: number): number
  pick<Name extends string>(shares: Readonly<Record<Name, number>>): Name
}

/** Mulberry32: 32 bits of state pass every test that matters at this size. */
export function seeded(seed: number): Random {
  let state = (seed * 2654435761) >>> 0
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
  return {
    unit,
    between: (low, high) => low + (high - low) * unit(),
    whole: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    exponential: (mean) => -mean * Math.log(1 - unit()),
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    pick(shares) {
      const names = Object.keys(shares) as (keyof typeof shares)[]
      let left = unit() * names.reduce((sum, name) => sum + shares[name], 0)
      for (const name of names) {
        left -= shares[name]
        if (left < 0) return name
      }
      return names[names.length - 1] as keyof typeof shares
    },
  }
}
