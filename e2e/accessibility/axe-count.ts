import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** What a test notes for each page that axe has seen. */
export const SEEN = 'axe: a page was seen'
/** What one test notes: how many there are to be seen. */
export const TO_BE_SEEN = 'axe: pages to be seen'

/** Says at the end how many pages axe has seen; a whole run in which it saw fewer or more has failed. */
export default class AxeCount implements Reporter {
  #seen = 0
  #toBeSeen: number | null = null
  #failed = false

  onTestEnd(_: TestCase, { status, annotations }: TestResult): void {
    const seen = annotations.filter(({ type }) => type === SEEN).length
    this.#seen += seen
    if (seen > 0 && status !== 'passed') this.#failed = true
    for (const { type, description } of annotations) {
      if (type === TO_BE_SEEN) this.#toBeSeen = Number(description)
    }
  }

  async onEnd({ status }: FullResult): Promise<{ status?: FullResult['status'] }> {
    if (this.#seen === 0 && this.#toBeSeen === null) return {}
    const violations = this.#failed ? 'violations' : '0 violations'
    process.stdout.write(`axe: ${violations} on ${this.#seen} pages\n`)
    if (status !== 'passed' || this.#toBeSeen === null || this.#seen === this.#toBeSeen) return {}
    process.stdout.write(`axe: ${this.#toBeSeen} pages were to be seen\n`)
    return { status: 'failed' }
  }
}
