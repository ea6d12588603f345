import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { DEFAULT_AT, THEMES, type Theme } from '../../src/pages/gallery/address.ts'
import { launchOptions } from '../support/browser.ts'
import { turnToState } from '../support/gallery.ts'
import type { Served } from './checkout.ts'
import { drawPage } from './picture.ts'

/* Draws a version by today's code, so that two versions differ only where they themselves do. */

const WIDTHS = [390, 1280] as const
/** One more than two cores: a page also waits. */
const BROWSERS = 3

/** A state of the gallery or a page of the program, in all themes and widths. */
export interface Subject {
  readonly name: string
  readonly path: string
  /** Of a page of the program: whether the tab has a key. Null for a state of the gallery. */
  readonly keyGiven: boolean | null
}

/** One image of a subject. */
export interface Shot {
  readonly subject: string
  readonly theme: Theme
  readonly width: number
}

export const shotsOf = (subject: string): readonly Shot[] =>
  THEMES.flatMap((theme) => WIDTHS.map((width) => ({ subject, theme, width })))

export const fileOf = ({ subject, theme, width }: Shot): string =>
  `${subject}--${theme}--${width}.png`

/** The real program, over its server and sandbox. */
const PAGES: readonly Subject[] = [
  { name: 'page-key', path: '/', keyGiven: false },
  { name: 'page-tasks', path: '/', keyGiven: true },
  { name: 'page-new', path: '/new', keyGiven: true },
  { name: 'page-credits', path: '/credits', keyGiven: true },
  { name: 'page-running', path: '/tasks/sentinel-enhancing', keyGiven: true },
  { name: 'page-done', path: '/tasks/sentinel-no-files', keyGiven: true },
  { name: 'page-not-found', path: '/tasks/sentinel-error-404', keyGiven: true },
  { name: 'page-no-task-id', path: '/tasks/two%20words', keyGiven: true },
  { name: 'page-nowhere', path: '/nowhere', keyGiven: true },
  { name: 'page-replay', path: '/gallery/replay', keyGiven: false },
]

const SETTINGS: BrowserContextOptions = { locale: 'en-GB', timezoneId: 'Europe/Berlin' }

/** All that can be drawn of the version that is served: its gallery says which states it has. */
export async function subjectsOf({ url }: Served): Promise<readonly Subject[]> {
  const browser = await chromium.launch(await launchOptions())
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${url}/gallery`)
    const links = page.locator('a[href^="/gallery/"][href*="theme="]')
    await links.first().waitFor()
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
    const names = hrefs.map((href) => decodeURIComponent((href ?? '').split(/[/?]/)[2] ?? ''))
    const states = [...new Set(names)].map((name) => ({ name, path: '', keyGiven: null }))
    return [...states, ...PAGES]
  } finally {
    await browser.close()
  }
}

/** Draws the subjects into the folder, and calls back after each with how many are done in a theme. */
export async function draw(
  served: Served,
  subjects: readonly Subject[],
  folder: string,
  onDrawn: () => void,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  // The states of one theme after the other: a state that is open already would not be drawn again.
  const jobs = THEMES.flatMap((theme) => subjects.map((subject) => ({ theme, subject })))
  const options = await launchOptions()
  const drawOn = async (browser: Browser) => {
    const gallery = await browser.newPage({ ...SETTINGS, baseURL: served.url })
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const { theme, subject } = job
      const page = subject.keyGiven === null ? gallery : await openPage(browser, served, job)
      if (page === gallery) await turnToState(page, subject.name, theme)
      for (const width of WIDTHS) {
        const image = await drawPage(page, width)
        await writeFile(join(folder, fileOf({ subject: subject.name, theme, width })), image)
      }
      if (page !== gallery) await page.context().close()
      onDrawn()
    }
  }
  await Promise.all(
    Array.from({ length: BROWSERS }, async () => {
      const browser = await chromium.launch(options)
      await drawOn(browser).finally(() => browser.close())
    }),
  )
}

/** Opens a page of the program where the time stands still and no deadline comes. */
async function openPage(
  browser: Browser,
  { url, key }: Served,
  { subject, theme }: { readonly subject: Subject; readonly theme: Theme },
): Promise<Page> {
  const page = await browser.newPage({ ...SETTINGS, colorScheme: theme })
  await page.clock.setFixedTime(DEFAULT_AT)
  await page.addInitScript(holdTimers)
  if (subject.keyGiven) {
    await page.addInitScript((value) => sessionStorage.setItem('loupe:api-key', value), key)
  }
  await page.goto(`${url}${subject.path}`, { waitUntil: 'networkidle' })
  return page
}

/** Where the time stands still nothing is asked a second time while images are taken. */
const holdTimers = () => {
  const LONG = 500
  const { setTimeout: timeout, setInterval: interval } = window
  Object.assign(window, {
    setTimeout: (call: TimerHandler, ms = 0) => (ms < LONG ? timeout(call, ms) : 0),
    setInterval: (call: TimerHandler, ms = 0) => (ms < LONG ? interval(call, ms) : 0),
  })
}
