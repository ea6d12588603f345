import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** Annotation for each page that axe has checked. */
export const SEEN = 'axe: a page was seen'
/** Annotation of one test: the expected number of pages. */
export const TO_BE_SEEN = 'axe: pages to be seen'

/** Prints how many pages axe has checked; a full run with a different number fails. */
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
