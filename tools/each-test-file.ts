import fc from 'fast-check'
import { afterAll, vi } from 'vitest'

// The same examples in each run, so that a failure is due to a change. `npm run fuzz` tries
// others, and more of them where a test does not set a number.
fc.configureGlobal(import.meta.env.MODE === 'fuzz' ? { numRuns: 2000 } : { seed: 20_260_101 })

// Other test files run in the same process: undo the stubs of this one.
afterAll(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  vi.useRealTimers()
  vi.restoreAllMocks()
})
