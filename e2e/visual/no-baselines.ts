import type { Reporter } from '@playwright/test/reporter'
import { hasBaselines, NO_BASELINES } from '../support/baselines.ts'

/** Says at the end that no pictures were compared, on a machine of a kind that has none. */
export default class NoBaselines implements Reporter {
  onEnd(): void {
    if (!hasBaselines()) process.stdout.write(`${NO_BASELINES}\n`)
  }
}
