import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** Annotation for each page that axe has checked. */
export const SEEN = 'axe: a page was seen'
/** Annotation of one test: the expected number of pages. */
export const TO_BE_SEEN = 'axe: pages to be seen'

/** Prints how many pages axe has checked; a full run with a different number fails. */
export default class AxeCount implements Reporter {
  /** By test: its last run counts. */
  readonly #tests = new Map<string, { readonly seen: number; readonly passed: boolean }>()
  #toBeSeen: number | null = null

  onTestEnd({ id }: TestCase, { status, annotations }: TestResult): void {
    const seen = annotations.filter(({ type }) => type === SEEN).length
    if (seen > 0) this.#tests.set(id, { seen, passed: status === 'passed' })
    for (const { type, description } of annotations) {
      if (type === TO_BE_SEEN) this.#toBeSeen = Number(description)
    }
  }

  async onEnd({ status }: FullResult): Promise<{ status?: FullResult['status'] }> {
    const tests = [...this.#tests.values()]
    const count = tests.reduce((sum, { seen }) => sum + seen, 0)
    if (count === 0 && this.#toBeSeen === null) return {}
    const words = tests.every(({ passed }) => passed) ? '0 violations' : 'violations'
    process.stdout.write(`axe: ${words} on ${count} pages\n`)
    if (status !== 'passed' || this.#toBeSeen === null || count === this.#toBeSeen) return {}
    process.stdout.write(`axe: ${this.#toBeSeen} pages were to be seen\n`)
    return { status: 'failed' }
  }
}
