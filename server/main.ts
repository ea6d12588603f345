import { fileURLToPath } from 'node:url'
import { readConfig } from './config.ts'
import { startServer } from './create-server.ts'
import { logLine } from './http/log.ts'
import { banner, linksToTry } from './node/banner.ts'
import { endOnSignal } from './node/http-server.ts'
import { hasBuild, serveDashboard } from './node/static.ts'
import { fail, print, printError } from './node/terminal.ts'

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

endOnSignal(() => started.value.close())
print(banner(config.value, started.value, await linksToTry(started.value)))
