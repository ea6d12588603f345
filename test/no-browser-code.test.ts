import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { importsOf } from './imports-of.ts'

/** Globals that only a browser has. */
const BROWSER = /\b(?:localStorage|sessionStorage|document\.|window\.)|['"]react(?:-dom)?['"]/

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm

/** Each module reachable from `entry`, with its import path. */
function reached(entry: string): Map<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>()
  const visit = (url: URL, way: readonly string[]): void => {
    const file = fileURLToPath(url)
    if (ways.has(file)) return
    ways.set(file, [...way, file.replace(/^.*\/(?=(?:server|src|core)\/)/, '')])
    for (const name of importsOf(file, 'runtime'))
      if (/^\..*\.tsx?$/.test(name)) visit(new URL(name, url), ways.get(file) ?? [])
  }
  visit(new URL(`../server/${entry}`, import.meta.url), [])
  return ways
}

test.each(['worker.ts', 'main.ts'])('%s reaches no browser-only code', (entry) => {
  const ways = reached(entry)
  expect(ways.size).toBeGreaterThan(50)
  const found = [...ways].filter(([file]) =>
    BROWSER.test(readFileSync(file, 'utf8').replace(COMMENT, '')),
  )
  expect(found.map(([, way]) => way.join(' -> '))).toEqual([])
})
