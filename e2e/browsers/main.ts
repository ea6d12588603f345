import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sandboxOf, WATCHABLE } from '../support/fixtures.ts'
import { startReleases } from '../support/releases.ts'
import type { Engine } from './engine.ts'
import { firefox } from './firefox.ts'
import { MAIN_JOB } from './main-job.ts'
import { WEB_APP } from './web-app.ts'
import { webkit } from './webkit.ts'

/*
 * npm run test:browsers [-- firefox | webkit]: the main job and the service worker in the installed
 * Firefox and WebKit.
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
    const server = await startReleases(WATCHABLE)
    stops.push(server.stop)
    const { url } = server
    const sandbox = sandboxOf(url)
    const { key, tasks } = await sandbox.state()
    const taskId = tasks[0]?.id ?? ''
    const given = { engine, url, server, sandbox, key, taskId, folder, browser, elsewhere }
    const job = { ...given, tab, snapshot: '' }
    for (const [what, work] of Object.entries({ ...MAIN_JOB, ...WEB_APP })) {
      const begun = performance.now()
      process.stdout.write(`  ${what}`)
      const leftOut = (await work(job)) ?? `${Math.round(performance.now() - begun)} ms`
      process.stdout.write(` (${leftOut})\n`)
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
