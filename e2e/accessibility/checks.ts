import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import type { RunOptions } from 'axe-core'
import { expect, test } from '../support/fixtures.ts'
import { SEEN } from './axe-count.ts'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

const OPTIONS: Readonly<Record<'all' | 'colours', RunOptions>> = {
  all: {},
  colours: { runOnly: ['color-contrast', 'link-in-text-block'] },
}

/** What axe finds wrong with the page in its current state, by its default rules. */
export async function violations(page: Page, rules: 'all' | 'colours'): Promise<string[]> {
  const found = await page.evaluate(runAxe, OPTIONS[rules])
  if (found !== null) return found
  // Injected once per page, reporting violations only: takes half the time of
  // @axe-core/playwright.
  for (const frame of page.frames()) await frame.evaluate(AXE)
  return violations(page, rules)
}

/** Runs in the page. Null: axe is not in the page. */
const runAxe = async (options: RunOptions): Promise<string[] | null> => {
  const { axe } = window as { axe?: typeof import('axe-core') }
  if (axe === undefined) return null
  // A colour in mid-transition is neither of the two.
  await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})))
  const { violations } = await axe.run(document, {
    resultTypes: ['violations'],
    // Styles and media, which axe would fetch each time: no default rule needs the former, and
    // no page has the latter.
    preload: false,
    ...options,
  })
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target}\n${failureSummary}`),
  )
}

/**
 * Checks the page in its current state by axe; counted by axe-count.ts. `colours`: only by the
 * rules on colours, since a theme changes nothing else.
 */
export async function checkByAxe(page: Page, rules: 'all' | 'colours' = 'all'): Promise<void> {
  expect.soft(await violations(page, rules), page.url()).toEqual([])
  test.info().annotations.push({ type: SEEN })
}

/**
 * Doubles the text size and returns what is then wider than the page, or newly cut off. Runs in the
 * page.
 */
export const faultsOfLargeText = async (): Promise<string[]> => {
  const root = document.documentElement
  const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
  const all = () => [...document.body.querySelectorAll('*')]
  const wordsOf = (element: Element) =>
    `${element.tagName} ${element.className}: ${element.textContent}`

  const cutOff = () =>
    all().filter((element) => {
      const { overflowX, overflowY } = getComputedStyle(element)
      const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element
      // Smaller elements are only for screen readers.
      if (clientWidth < 2 || element.tagName === 'INPUT') return false
      return (
        (hides(overflowX) && scrollWidth > clientWidth + 1) ||
        (hides(overflowY) && scrollHeight > clientHeight + 1)
      )
    })
  const scrolls = (element: Element | null): boolean =>
    element !== null &&
    element !== root &&
    element !== document.body &&
    (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement))
  /** Elements wider than the page, unless they are inside a scroll container. */
  const sideways = () =>
    all().filter((element) => {
      const { left, right, width } = element.getBoundingClientRect()
      const sticksOut = width > 0 && (right > root.clientWidth + 0.5 || left < -0.5)
      return sticksOut && element.checkVisibility({ visibilityProperty: true }) && !scrolls(element)
    })

  const before = new Set(cutOff())
  root.style.fontSize = `${2 * Number.parseFloat(getComputedStyle(root).fontSize)}px`
  // Elements that measure themselves are done after two frames.
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
  const faults = [...cutOff().filter((element) => !before.has(element)), ...sideways()].map(wordsOf)
  if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth} px in all`)
  root.style.removeProperty('font-size')
  return faults
}

/** WCAG 1.4.4: text of twice the size fits the page, and nothing more is cut off. */
export async function checkLargeText(page: Page): Promise<void> {
  const where = `${page.url()} with text of 200 %`
  expect.soft(await page.evaluate(faultsOfLargeText), where).toEqual([])
}
