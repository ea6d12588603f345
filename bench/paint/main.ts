/**
 * tsx bench/paint/main.ts
 *
 * When each page shows something on a slow phone (1.6 Mbit/s, 150 ms round trip, a processor four
 * times slower, nothing cached), beside a floor: React, the router and React Query with Loupe's styles
 * and a text in the HTML; and a second visit, from the service worker. Medians of five rounds,
 * alternating. Exits with an error if a goal is missed.
 */
import type { Browser } from 'playwright'
import { launchOptions, startBrowser } from '../../e2e/support/browser.ts'
import { sandboxOf } from '../../e2e/support/fixtures.ts'
import { type LoupeServer, startServer } from '../../e2e/support/server.ts'
import { serveFloor } from './floor.ts'
import { type Figures, load, median } from './load.ts'

const ROUNDS = 5

/** LCP of pages that wait for no data, FCP of second visits, the rest of all pages. */
const GOALS = { lcpOfFloor: 1.25, lcpMs: 1600, cls: 0.01, depth: 2, secondFcpMs: 300 }

interface Case {
  readonly name: string
  readonly path: string
  readonly hasKey?: boolean
  /** Shows what it reads from a response, a store or its URL. */
  readonly hasData?: boolean
  readonly visit?: 'second'
}

const TASK = '/tasks/sentinel-processed~paint'

const casesOf = (token: string): readonly Case[] => [
  { name: '/, no key', path: '/' },
  { name: '/, key', path: '/', hasKey: true, hasData: true },
  { name: '/tasks/:id, no key', path: TASK },
  { name: '/tasks/:id, key', path: TASK, hasKey: true, hasData: true },
  { name: '/new, no key', path: '/new' },
  { name: '/new, key', path: '/new', hasKey: true, hasData: true },
  { name: '/s/:token', path: token, hasData: true },
  { name: '/snapshot', path: '/snapshot', hasData: true },
  { name: '/, no key, again', path: '/', visit: 'second' },
  { name: '/, key, again', path: '/', hasKey: true, hasData: true, visit: 'second' },
]

/** A live link of a finished task. */
async function shareOf(server: LoupeServer, key: string): Promise<string> {
  const response = await fetch(`${server.url}/api/share`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({
      taskId: 'sentinel-processed~paint',
      shown: { credits: true, links: true },
    }),
  })
  return ((await response.json()) as { url: string }).url
}

async function measure(browser: Browser, server: LoupeServer, floorUrl: string) {
  const { key } = await sandboxOf(server.url).state()
  const cases = casesOf(await shareOf(server, key))
  const floor: Figures[] = []
  const found = new Map<Case, Figures[]>(cases.map((one) => [one, []]))
  for (let round = 0; round < ROUNDS; round++) {
    floor.push(await load(browser, floorUrl, null))
    for (const [one, figures] of found) {
      const url = server.url + one.path
      figures.push(await load(browser, url, one.hasKey ? key : null, one.visit))
    }
  }
  return { floor: median(floor), found }
}

const row = (name: string, { fcp, lcp, cls, tbt, depth, kb, jsKb }: Figures) =>
  [
    name.padEnd(22),
    fcp.toFixed(0).padStart(6),
    lcp.toFixed(0).padStart(6),
    cls.toFixed(3).padStart(7),
    tbt.toFixed(0).padStart(6),
    depth.toFixed(0).padStart(6),
    kb.toFixed(0).padStart(6),
    jsKb.toFixed(0).padStart(6),
  ].join('')

function missed({ hasData = false, visit }: Case, own: Figures, floor: Figures): string[] {
  return [
    visit === 'second' && own.fcp > GOALS.secondFcpMs ? `FCP over ${GOALS.secondFcpMs} ms` : '',
    !hasData && own.lcp > GOALS.lcpMs ? `LCP over ${GOALS.lcpMs} ms` : '',
    !hasData && own.lcp > floor.lcp * GOALS.lcpOfFloor
      ? `LCP over ${GOALS.lcpOfFloor} x floor`
      : '',
    own.cls > GOALS.cls ? `CLS over ${GOALS.cls}` : '',
    own.depth > GOALS.depth ? `more than ${GOALS.depth} files one after the other` : '',
  ].filter((text) => text !== '')
}

await using site = await serveFloor()
const server = await startServer({ LOUPE_SANDBOX_PACE: '100', LOUPE_SANDBOX_DEMOS: 'sparse' })
const browser = await startBrowser(await launchOptions())
try {
  const { floor, found } = await measure(browser, server, site.url)
  console.log(
    `${''.padEnd(22)}   FCP   LCP    CLS   TBT chain    KB JS KB  (ms; chain, KB: before the content)`,
  )
  console.log(row('floor', floor))
  for (const [one, figures] of found) {
    const own = median(figures)
    const faults = missed(one, own, floor)
    const verdict = faults.length === 0 ? 'reached' : `MISSED: ${faults.join(', ')}`
    console.log(
      `${row(one.name, own)}  LCP ${(own.lcp / floor.lcp).toFixed(2)} x floor: ${verdict}`,
    )
    if (faults.length > 0) process.exitCode = 1
  }
} finally {
  await browser.close()
  await server.stop()
}
