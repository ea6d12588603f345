import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/server.ts'
import { type Engine, findProgram, PATIENCE, type Tab } from './engine.ts'

/** WebKitGTK on a virtual display, driven over WebDriver (W3C Recommendation, 2018). */
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
      const { sessionId } = await driver.send<{ sessionId: string }>('POST', '/session', {
        capabilities: { alwaysMatch: { timeouts: { implicit: PATIENCE, pageLoad: PATIENCE } } },
      })
      const send: Send = (method, path, body) =>
        driver.send(method, `/session/${sessionId}${path}`, body)
      const first = await send<string>('GET', '/window')
      return {
        newTab: async () => {
          // New windows can't be opened from a closed one.
          await send('POST', '/window', { handle: first })
          return openTab(send)
        },
        stop: async () => {
          await send('DELETE', '').catch(() => {})
          await driver.stop()
        },
      }
    } catch (error) {
      await driver.stop()
      throw error
    }
  },
}

/** Sends one command to the driver and returns its response. */
type Send = <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<T>

async function startDriver(folder: string) {
  const home = await mkdtemp(join(tmpdir(), 'loupe-webkit-'))
  const config = join(home, '.config')
  await mkdir(config)
  // Where GTK looks up the download folder.
  await writeFile(join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${folder}"\n`)
  const port = await freePort()
  const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: config },
    stdio: 'ignore',
    // A separate process group, to be killed as a whole.
    detached: true,
  })
  await once(driver, 'spawn')
  const ended = once(driver, 'exit')
  const kill = () => process.kill(-(driver.pid ?? 0))
  process.once('exit', kill)
  const send: Send = async (method, path, body = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
      // While a page hangs the driver does not respond, even beyond its own timeouts.
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
      await send('GET', '/status')
      return { send, stop }
    } catch (error) {
      if (Date.now() < end && driver.exitCode === null) continue
      await stop().catch(() => {})
      throw new Error('WebKitWebDriver does not start', { cause: error })
    }
  }
}

/** Key of element references in the driver's responses. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** Opens a separate window: a tab would open behind the others and be hidden. */
async function openTab(send: Send): Promise<Tab> {
  const { handle } = await send<{ handle: string }>('POST', '/window/new', { type: 'window' })
  /** Commands go to the window that was last switched to. */
  const here: Send = async (method, path, body) => {
    await send('POST', '/window', { handle })
    return send(method, path, body)
  }
  const find = async (xpath: string): Promise<string> => {
    const query = { using: 'xpath', value: xpath }
    const { [ELEMENT]: id } = await here<Record<string, string>>('POST', '/element', query)
    return `/element/${id}`
  }
  /** A page may draw an element anew between the two commands. */
  const act = async (xpath: string, command: string, body?: object): Promise<void> => {
    for (const end = Date.now() + PATIENCE; ; await sleep(50)) {
      try {
        return await here('POST', `${await find(xpath)}/${command}`, body)
      } catch (error) {
        if (Date.now() > end || !/stale element/.test(String(error))) throw error
      }
    }
  }
  await here('POST', '/window/rect', { width: 1280, height: 900 })
  return {
    goto: (url) => here('POST', '/url', { url }),
    reload: () => here('POST', '/refresh'),
    back: () => here('POST', '/back'),
    evaluate: (run) => here('POST', '/execute/sync', { script: `return (${run})()`, args: [] }),
    click: (xpath) => act(xpath, 'click'),
    type: (xpath, text) => act(xpath, 'value', { text }),
    close: () => here('DELETE', '/window'),
  }
}
