import type { Page } from '@playwright/test'
import { DEFAULT_AT, THEMES } from '../../src/pages/gallery/address.ts'
import { expect, test } from '../support/fixtures.ts'
import { comparePicture, eachWidth } from './picture.ts'

/*
 * Each page of the real program: the server and the sandbox themselves, at a time that stands still on
 * both sides, since what they tell is full of times.
 */

interface Shot {
  readonly path: string
  readonly keyGiven: boolean
  /** What is there when the page is whole. */
  readonly shows: (page: Page) => ReturnType<Page['getByText']>
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name })

const PAGES: Readonly<Record<string, Shot>> = {
  key: { path: '/', keyGiven: false, shows: heading('No account?') },
  home: { path: '/', keyGiven: true, shows: heading('Recordings') },
  running: {
    path: '/tasks/sentinel-enhancing',
    keyGiven: true,
    shows: (page) => page.getByRole('button', { name: 'Record for a bug report' }),
  },
  done: {
    // Without pictures: their round corners come out a shade otherwise now and then. The gallery has them.
    path: '/tasks/sentinel-no-files',
    keyGiven: true,
    shows: (page) => page.getByRole('button', { name: 'Record for a bug report' }),
  },
  refused: {
    path: '/tasks/sentinel-error-404',
    keyGiven: true,
    shows: heading('No such task for this key'),
  },
  'no-task-id': {
    path: '/tasks/two%20words',
    keyGiven: true,
    shows: heading('This address holds no task id'),
  },
  nowhere: { path: '/nowhere', keyGiven: true, shows: heading('There is no page') },
  replay: { path: '/gallery/replay', keyGiven: false, shows: heading('Replay a recording') },
}

/** Where the time stands still no deadline comes: nothing is asked a second time while pictures are taken. */
const holdTimers = () => {
  const LONG = 500
  const { setTimeout: timeout, setInterval: interval } = window
  Object.assign(window, {
    setTimeout: (call: TimerHandler, ms = 0) => (ms < LONG ? timeout(call, ms) : 0),
    setInterval: (call: TimerHandler, ms = 0) => (ms < LONG ? interval(call, ms) : 0),
  })
}

for (const [name, { path, keyGiven, shows }] of Object.entries(PAGES)) {
  test(`the program: ${name}`, async ({ page, still }) => {
    await page.clock.setFixedTime(DEFAULT_AT)
    await page.addInitScript(holdTimers)
    await page.addInitScript(
      ({ key }) => {
        localStorage.clear()
        if (key === null) sessionStorage.clear()
        else sessionStorage.setItem('loupe:api-key', key)
      },
      { key: keyGiven ? still.key : null },
    )
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme })
      await page.goto(`${still.url}${path}`)
      await expect(shows(page)).toBeVisible()
      await eachWidth(page, (width) => comparePicture(page, `program-${name}-${theme}-${width}`))
    }
  })
}
