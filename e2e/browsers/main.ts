import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sandboxOf, WATCHABLE } from '../support/fixtures.ts'
import { startServer } from '../support/server.ts'
import type { Engine } from './engine.ts'
import { firefox } from './firefox.ts'
import { STEPS } from './main-job.ts'
import { webkit } from './webkit.ts'

/*
 * npm run test:browsers [-- firefox | webkit]: the main job in the installed Firefox and WebKit.
 * Accessibility is tested in Chromium only: axe crashes the content process of Firefox 153.
 */

async function test(engine: Engine): Promise<void> {
  const stops: (() => Promise<unknown>)[] = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'loupe-browsers-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const browser = await engine.start(folder)
    stops.push(browser.stop)
    const elsewhere = await engine.start(folder)
    stops.push(elsewhere.stop)
    const tab = await browser.newTab()
    // After the browsers, since its first task starts immediately.
    const { url, stop } = await startServer(WATCHABLE)
    stops.push(stop)
    const sandbox = sandboxOf(url)
    const { key, tasks } = await sandbox.state()
    const taskId = tasks[0]?.id ?? ''
    const job = { engine, url, sandbox, key, taskId, folder, browser, elsewhere, tab, snapshot: '' }
    for (const [what, work] of Object.entries(STEPS)) {
      const begun = performance.now()
      process.stdout.write(`  ${what}`)
      await work(job)
      process.stdout.write(` (${Math.round(performance.now() - begun)} ms)\n`)
    }
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

// Exit handlers stop child processes, as after an error.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const [, , only] = process.argv
for (const engine of [firefox, webkit]) {
  if (only !== undefined && only !== engine.name.toLowerCase()) continue
  const missing = engine.missing()
  if (missing !== null) {
    console.log(`${engine.name}: skipped, since there is ${missing}`)
    continue
  }
  console.log(engine.name)
  try {
    await test(engine)
  } catch (error) {
    console.error(`: failed\n`, error)
    process.exitCode = 1
  }
}
