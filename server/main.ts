import { fileURLToPath } from 'node:url'
import { banner, linksToTry } from './banner.ts'
import { readConfig } from './config.ts'
import { logLine } from './log.ts'
import { endOnSignal } from './shutdown.ts'
import { startServer } from './start.ts'
import { hasBuild, serveDashboard } from './static.ts'
import { fail, print, printError } from './terminal.ts'

const DIST = fileURLToPath(new URL('../dist', import.meta.url))

const config = readConfig(process.env)
if (!config.ok) fail(config.error)
if (!hasBuild(DIST)) fail(['The dashboard is not built yet. Run npm run build first.'])

const started = await startServer(config.value, {
  command: 'npm start',
  site: serveDashboard(DIST),
  log: (record) => printError(logLine(record, new Date())),
})
if (!started.ok) fail([started.error])

endOnSignal(() => started.value.close(), {
  withParent: process.env.npm_lifecycle_event !== undefined,
})
print(banner(config.value, started.value, await linksToTry(started.value)))
