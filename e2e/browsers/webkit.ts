import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/server.ts'
import { type Engine, findProgram, PATIENCE, type Tab } from './engine.ts'

/** WebKitGTK on a screen that nobody sees, driven over WebDriver (W3C Recommendation, 2018). */
export const webkit: Engine = {
  name: 'WebKit',
  missing: () =>
    findProgram('WebKitWebDriver') === null || findProgram('xvfb-run') === null
      ? 'no WebKitWebDriver or no xvfb-run on the PATH (Debian: apt-get install webkit2gtk-driver xvfb)'
      : null,
  keepsPages: true,
  async start(folder) {
    const driver = await startDriver(folder)
    try {
      const { sessionId } = await driver.ask<{ sessionId: string }>('POST', '/session', {
        capabilities: { alwaysMatch: { timeouts: { implicit: PATIENCE, pageLoad: PATIENCE } } },
      })
      const ask: Ask = (method, path, body) =>
        driver.ask(method, `/session/${sessionId}${path}`, body)
      const first = await ask<string>('GET', '/window')
      return {
        newTab: async () => {
          // From one that is closed none is opened.
          await ask('POST', '/window', { handle: first })
          return openTab(ask)
        },
        stop: async () => {
          await ask('DELETE', '').catch(() => {})
          await driver.stop()
        },
      }
    } catch (error) {
      await driver.stop()
      throw error
    }
  },
}

/** One command to the driver; its answer. */
type Ask = <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<T>

async function startDriver(folder: string) {
  const home = await mkdtemp(join(tmpdir(), 'loupe-webkit-'))
  const config = join(home, '.config')
  await mkdir(config)
  // Where the browser's toolkit looks for the folder of downloads.
  await writeFile(join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${folder}"\n`)
  const port = await freePort()
  const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: config },
    stdio: 'ignore',
    // A group of its own, to be ended as a whole.
    detached: true,
  })
  await once(driver, 'spawn')
  const ended = once(driver, 'exit')
  const kill = () => process.kill(-(driver.pid ?? 0))
  process.once('exit', kill)
  const ask: Ask = async (method, path, body = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
      // While a page hangs the driver keeps silent, beyond its own timeouts.
      signal: AbortSignal.timeout(2 * PATIENCE),
    })
    const { value } = (await response.json()) as { value: never }
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`)
    return value
  }
  const stop = async () => {
    process.off('exit', kill)
    kill()
    await ended
    await rm(home, { recursive: true, force: true })
  }
  for (const end = Date.now() + PATIENCE; ; await sleep(50)) {
    try {
      await ask('GET', '/status')
      return { ask, stop }
    } catch (error) {
      if (Date.now() < end && driver.exitCode === null) continue
      await stop().catch(() => {})
      throw new Error('WebKitWebDriver does not start', { cause: error })
    }
  }
}

/** By this name the driver's answers refer to an element of the page. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** In a window of its own: a tab would be opened behind the others, and be hidden. */
async function openTab(ask: Ask): Promise<Tab> {
  const { handle } = await ask<{ handle: string }>('POST', '/window/new', { type: 'window' })
  /** Commands go to the tab that was last switched to. */
  const here: Ask = async (method, path, body) => {
    await ask('POST', '/window', { handle })
    return ask(method, path, body)
  }
  const find = async (xpath: string): Promise<string> => {
    const query = { using: 'xpath', value: xpath }
    const { [ELEMENT]: id } = await here<Record<string, string>>('POST', '/element', query)
    return `/element/${id}`
  }
  await here('POST', '/window/rect', { width: 1280, height: 900 })
  return {
    goto: (url) => here('POST', '/url', { url }),
    reload: () => here('POST', '/refresh'),
    back: () => here('POST', '/back'),
    evaluate: (run) => here('POST', '/execute/sync', { script: `return (${run})()`, args: [] }),
    click: async (xpath) => here('POST', `${await find(xpath)}/click`),
    type: async (xpath, text) => here('POST', `${await find(xpath)}/value`, { text }),
    close: () => here('DELETE', '/window'),
  }
}
