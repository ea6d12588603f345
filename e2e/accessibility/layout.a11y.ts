import { expect, test } from '../support/fixtures.ts'
import { faultsOfLargeText, violations } from './checks.ts'
import { findFaults } from './layout.ts'

/* Tests of the checks themselves, on pages with each error. */

const FAULTS: Readonly<Record<string, readonly [html: string, fault: RegExp]>> = {
  'wider than the window': ['<p style="width: 2000px">wide</p>', /wider than the window: p "wide"/],
  'cut off': [
    '<p style="width: 60px; overflow: hidden; white-space: nowrap">all of these words</p>',
    /cut off: p "all of/,
  ],
  'cut off below': [
    '<div style="height: 10px; overflow: clip"><p style="font-size: 20px">low</p></div>',
    /cut off: p "low"/,
  ],
  'truncated without a title': [
    '<p style="width: 60px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">all of these words</p>',
    /truncated, and its whole nowhere/,
  ],
  'shortened without a title': ['<p>0123…789</p>', /shortened, and its whole nowhere/],
  'text over text': [
    '<p style="margin: 0">below</p><p style="margin: -18px 0 0">above</p>',
    /p "below" overlaps p "above"/,
  ],
  'text under something': [
    '<p style="margin: 0">below</p><div style="height: 20px; margin-top: -20px; position: relative; background: red"></div>',
    /p "below" is under div/,
  ],
  'too small to click': [
    '<button style="width: 20px; height: 40px; padding: 0">x</button>',
    /20 x 40 px to click: button "x"/,
  ],
  'a standalone link of one line': ['<div><a href="#">go</a></div>', /px to click: a "go"/],
  'two overlapping targets': [
    '<button style="width: 90px; height: 40px">one</button><button style="width: 90px; height: 40px; margin-left: -20px">two</button>',
    /button "one" and button "two": both to click/,
  ],
}

/**
 * All of this is fine: scroll containers, screen-reader texts, titles with the full text, links
 * in a sentence.
 */
const FINE = `
  <p style="width: 60px; overflow: auto; white-space: nowrap">all of these words</p>
  <span style="position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)">only heard</span>
  <p title="all of these words" style="width: 60px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">all of these words</p>
  <p>Loading… and <bdi title="0123456789">0123…789</bdi></p>
  <p>A sentence <a href="#">with a link</a> in it.</p>
  <div style="position: relative; height: 60px"><a href="#" class="stretched">a row</a> <button style="position: relative; width: 40px; height: 40px; float: right">x</button></div>
  <style>.stretched::after { content: ''; position: absolute; inset: 0 }</style>`

for (const [name, [html, fault]] of Object.entries(FAULTS)) {
  test(`layout error: ${name}`, async ({ page }) => {
    await page.setContent(html)
    const found = await page.evaluate(findFaults)
    expect(found.join('\n')).toMatch(fault)
  })
}

test('no layout error', async ({ page }) => {
  await page.setContent(FINE)
  expect(await page.evaluate(findFaults)).toEqual([])
})

test('text of twice the size is found where it is cut off or too wide', async ({ page }) => {
  await page.setContent(`
    <p style="width: 8rem">fine</p>
    <p style="height: 20px; overflow: hidden; font-size: 1rem; line-height: 1">low</p>
    <p style="width: 50rem; overflow: visible">wide</p>`)
  const found = (await page.evaluate(faultsOfLargeText)).join('\n')
  expect(found).toMatch(/^P : low\nP : wide\n\d+ px in all$/)
  expect(await page.evaluate(() => document.documentElement.style.fontSize)).toBe('')
})

test('axe finds pale text, also when it looks at colours only', async ({ page }) => {
  await page.setContent('<main style="background: white; color: #bbb"><h1>pale</h1></main>')
  for (const rules of ['all', 'colours'] as const) {
    expect((await violations(page, rules)).join()).toMatch(/color-contrast/)
  }
})

test('console messages and failed requests are reported', async ({ gallery, complaints }) => {
  await gallery.goto('/gallery/nonsense')
  expect(complaints()).toEqual([])
  await gallery.route('**/cut-off', (route) => route.abort())
  await gallery.evaluate(async () => {
    console.error('planted')
    await fetch('/pictures/none.webp')
    await fetch('/cut-off').catch(() => {})
  })
  const messages = complaints().join('\n')
  for (const part of [/planted/, /none\.webp: 404/, /cut-off: net::ERR_FAILED/])
    expect(messages).toMatch(part)
})
