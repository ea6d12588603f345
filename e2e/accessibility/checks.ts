import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { SEEN } from './axe-count.ts'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

const OPTIONS = {
  all: {},
  colours: { runOnly: ['color-contrast', 'link-in-text-block'] },
}

/** What axe finds wrong with the page in its current state, by its default rules. */
export async function violations(page: Page, rules: 'all' | 'colours'): Promise<string[]> {
  // A colour in mid-transition is neither of the two.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))),
  )
  // Injected once per page, reporting violations only: takes half the time of
  // @axe-core/playwright.
  for (const frame of page.frames()) {
    if (await frame.evaluate(() => !('axe' in window))) await frame.evaluate(AXE)
  }
  return page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
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
  }, OPTIONS[rules])
}

/**
 * Checks the page in its current state by axe; counted by axe-count.ts. `colours`: only by the
 * rules on colours, since a theme changes nothing else.
 */
export async function checkByAxe(page: Page, rules: 'all' | 'colours' = 'all'): Promise<void> {
  expect.soft(await violations(page, rules), page.url()).toEqual([])
  test.info().annotations.push({ type: SEEN })
}

/** Elements wider than the page, unless they are inside a scroll container. */
const sideways = (): string[] => {
  const root = document.documentElement
  const scrolls = (element: Element | null): boolean =>
    element !== null &&
    element !== root &&
    element !== document.body &&
    (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement))
  const out = [...document.body.querySelectorAll('*')].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect()
    const sticksOut = width > 0 && (right > root.clientWidth + 0.5 || left < -0.5)
    return sticksOut && element.checkVisibility({ visibilityProperty: true }) && !scrolls(element)
  })
  const words = out.map(({ tagName, className }) => `${tagName} ${className}`)
  return root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} px in all`, ...words] : words
}

/** Doubles the text size and returns what is cut off only because of that. */
const cutOffByLargeText = async (): Promise<string[]> => {
  const root = document.documentElement
  const cutOff = () =>
    [...document.body.querySelectorAll('*')].filter((element) => {
      const { overflowX, overflowY } = getComputedStyle(element)
      const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element
      // Smaller elements are only for screen readers.
      if (clientWidth < 2 || element.tagName === 'INPUT') return false
      const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
      return (
        (hides(overflowX) && scrollWidth > clientWidth + 1) ||
        (hides(overflowY) && scrollHeight > clientHeight + 1)
      )
    })
  const before = new Set(cutOff())
  root.style.fontSize = `${2 * Number.parseFloat(getComputedStyle(root).fontSize)}px`
  // Elements that measure themselves are done after two frames.
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
  return cutOff()
    .filter((element) => !before.has(element))
    .map((element) => `${element.tagName} ${element.className}: ${element.textContent}`)
}

/** WCAG 1.4.4: text of twice the size fits the page, and nothing more is cut off. */
export async function checkLargeText(page: Page): Promise<void> {
  const where = `${page.url()} with text of 200 %`
  expect.soft(await page.evaluate(cutOffByLargeText), where).toEqual([])
  expect.soft(await page.evaluate(sideways), where).toEqual([])
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'))
}
