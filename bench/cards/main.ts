/**
 * tsx bench/cards/main.ts
 *
 * What a task of 1,000 files costs while nobody touches it and each card counts its last minutes:
 * the main thread's work in a second, beside the same cards as a naive React page would draw them
 * (naive.tsx). Medians of five rounds, ours and naive in turns, each in a fresh page. Ends with an
 * error if the goal is missed.
 */
import { chromium } from 'playwright'
import { launchOptions } from '../../e2e/support/browser.ts'
import { idleWork, type Kind } from './measure.ts'
import { serveCards } from './site.ts'
import { COUNT } from './thousand.ts'

/** Ours as a part of naive, at most. */
const GOAL = 0.1
const ROUNDS = 5

const NAMES: Readonly<Record<Kind, string>> = {
  ours: 'ours',
  naive: 'naive',
  floor: 'floor: cards that do not count',
}

await using site = await serveCards()
const browser = await chromium.launch(await launchOptions())
try {
  const found: Record<Kind, number[]> = { ours: [], naive: [], floor: [] }
  const look = async (kind: Kind) => found[kind].push(await idleWork(browser, site.origin, kind))
  for (let round = 0; round < ROUNDS; round++) {
    await look('ours')
    await look('naive')
  }
  // It does next to nothing and that evenly: once is enough.
  await look('floor')

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
