import fc from 'fast-check'

// The same examples in each run: what turns red is due to a change. `npm run fuzz` looks for others,
// and more of them where a test does not say how many.
fc.configureGlobal(import.meta.env.MODE === 'fuzz' ? { numRuns: 2000 } : { seed: 20_260_101 })
