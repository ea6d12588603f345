import { launch, type Page } from 'puppeteer-core'
import { type Engine, findProgram, PATIENCE, type Tab } from './engine.ts'

const program = () => findProgram('firefox-esr', 'firefox')

/** The installed Firefox, driven over WebDriver BiDi. */
export const firefox: Engine = {
  name: 'Firefox',
  missing: () =>
    program() === null ? 'no firefox on the PATH (Debian: apt-get install firefox-esr)' : null,
  // Not while it is driven.
  keepsPages: false,
  async start(folder) {
    const browser = await launch({
      browser: 'firefox',
      executablePath: program() ?? '',
      defaultViewport: { width: 1280, height: 900 },
      timeout: PATIENCE,
      protocolTimeout: 2 * PATIENCE,
      extraPrefsFirefox: {
        'browser.download.dir': folder,
        // 2: the folder above.
        'browser.download.folderList': 2,
      },
    })
    return {
      newTab: async () => tabOf(await browser.newPage()),
      stop: () => browser.close(),
    }
  },
}

function tabOf(page: Page): Tab {
  page.setDefaultTimeout(PATIENCE)
  const find = async (xpath: string) => {
    const element = await page.waitForSelector(`xpath/${xpath}`, { visible: true })
    if (element === null) throw new Error(`There is no ${xpath}`)
    return element
  }
  return {
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    back: async () => void (await page.goBack()),
    evaluate: (run) => page.evaluate(run),
    click: async (xpath) => (await find(xpath)).click(),
    type: async (xpath, text) => (await find(xpath)).type(text),
    close: () => page.close(),
  }
}
