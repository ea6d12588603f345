import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { DEFAULT_AT, THEMES, type Theme } from '../../src/gallery/address.ts'
import { launchOptions, startBrowser } from '../support/browser.ts'
import { turnToState } from '../support/gallery.ts'
import type { Served } from './checkout.ts'
import { drawPage } from './picture.ts'

/* Draws any version with the current code, so that only differences of the versions show. */

const WIDTHS = [390, 1280] as const
/** One more than two cores: pages also wait. */
const BROWSERS = 3

/** A state of the gallery or a page of the app, in all themes and widths. */
export interface Subject {
  readonly name: string
  readonly path: string
  /** Pages of the app: whether the tab has a key. Null for a gallery state. */
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

/** Pages of the real app, with its server and sandbox. */
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

const SETTINGS: BrowserContextOptions = {
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  serviceWorkers: 'block',
}

/** All subjects of the version being served; its gallery lists the states. */
export async function subjectsOf({ url }: Served): Promise<readonly Subject[]> {
  const browser = await startBrowser(await launchOptions())
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

/** Draws the subjects into the folder and calls `onDrawn` after each subject in each theme. */
export async function draw(
  served: Served,
  subjects: readonly Subject[],
  folder: string,
  onDrawn: () => void,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  // All states of one theme first: a state that is already open would not be drawn again.
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
      const browser = await startBrowser(options)
      await drawOn(browser).finally(() => browser.close())
    }),
  )
}

/** Opens a page of the app with a fixed clock and without long timers. */
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

/** Disables long timers, so that nothing is requested again while images are taken. */
const holdTimers = () => {
  const LONG = 500
  const { setTimeout: timeout, setInterval: interval } = window
  Object.assign(window, {
    setTimeout: (call: TimerHandler, ms = 0) => (ms < LONG ? timeout(call, ms) : 0),
    setInterval: (call: TimerHandler, ms = 0) => (ms < LONG ? interval(call, ms) : 0),
  })
}
