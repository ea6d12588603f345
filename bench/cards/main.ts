/**
 * tsx bench/cards/main.ts
 *
 * Idle cost of a task with 1,000 files whose cards all count down their last minutes: main-thread
 * work per second, compared with the same cards as a naive React page (naive.tsx). Medians of
 * five rounds, ours and naive alternating, each in a fresh page. Exits with an error if the goal
 * is missed.
 */
import { launchOptions, startBrowser } from '../../e2e/support/browser.ts'
import { idleWork, type Kind } from './measure.ts'
import { serveCards } from './site.ts'
import { COUNT } from './thousand.ts'

/** Maximum of ours / naive. */
const GOAL = 0.1
const ROUNDS = 5

const NAMES: Readonly<Record<Kind, string>> = {
  ours: 'ours',
  naive: 'naive',
  floor: 'floor: cards that do not count',
}

await using site = await serveCards()
const browser = await startBrowser(await launchOptions())
try {
  const found: Record<Kind, number[]> = { ours: [], naive: [], floor: [] }
  const measureOnce = async (kind: Kind) =>
    found[kind].push(await idleWork(browser, site.origin, kind))
  for (let round = 0; round < ROUNDS; round++) {
    await measureOnce('ours')
    await measureOnce('naive')
  }
  // Does almost nothing, and steadily: one measurement is enough.
  await measureOnce('floor')

  console.log(`${COUNT} cards, main thread in ms per second: median (least to most)`)
  for (const kind of ['ours', 'naive', 'floor'] as const) {
    const [least, most] = [Math.min(...found[kind]), Math.max(...found[kind])]
    const spread = `(${least.toFixed(1)} to ${most.toFixed(1)})`
    console.log(`${NAMES[kind].padEnd(34)}${median(found[kind]).toFixed(1).padStart(7)}  ${spread}`)
  }
  const ratio = median(found.ours) / median(found.naive)
  const verdict = ratio <= GOAL ? 'reached' : 'MISSED'
  console.log(`ours / naive ${ratio.toFixed(3)}, goal at most ${GOAL}: ${verdict}`)
  if (ratio > GOAL) process.exitCode = 1
} finally {
  await browser.close()
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
