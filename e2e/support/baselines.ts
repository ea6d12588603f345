import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Pictures are compared with those of the same kind of machine only. */
const PLATFORM = `${process.platform}-${process.arch}`

/** One folder of baselines a platform. */
export const BASELINES = fileURLToPath(new URL(`../baselines/${PLATFORM}`, import.meta.url))

export const hasBaselines = (): boolean => existsSync(BASELINES)

export const NO_BASELINES = `There are no pictures of ${PLATFORM} to compare with. Draw them with: npm run test:visual -- --update`
