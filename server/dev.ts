import { createServer as createVite } from 'vite'
import { isApiPath } from '../core/lib/site-paths.ts'
import { readConfig } from './config.ts'
import { startServer } from './create-server.ts'
import { logLine } from './http/log.ts'
import { banner, linksToTry } from './node/banner.ts'
import { endOnSignal } from './node/end-on-signal.ts'
import { createHttpServer, withVariable } from './node/http-server.ts'
import { fail, print, printError, USAGE } from './node/terminal.ts'

/*
 * `npm run dev`: Vite inside the server instead of the built files. One process and one port, so the
 * sandbox's links match the browser's origin. Vite does not send the security headers.
 */

/** Nothing to close until the server has started. */
let close = async (): Promise<void> => undefined
endOnSignal(() => close())

const config = readConfig(process.env, { port: 5173 })
if (!config.ok) fail(config.error, USAGE)

const { host, origin } = config.value
const server = createHttpServer()
const vite = await createVite({
  // Loaded by tsx, which runs this file: Vite's own loader writes a temporary file that restarts tsx watch.
  configLoader: 'native',
  server: {
    middlewareMode: true,
    hmr: { server },
    host,
    allowedHosts: origin === null ? [] : [new URL(origin).hostname],
  },
})
const started = await startServer(config.value, {
  commandWith: withVariable('npm run dev'),
  log: (record) => printError(logLine(record, new Date())),
  server,
  around: (app) => (request, response) => {
    if (isApiPath(request.url ?? '')) app(request, response)
    else vite.middlewares(request, response)
  },
})
if (!started.ok) fail([started.error])

close = async () => {
  await vite.close()
  await started.value.close()
}
print(banner(config.value, started.value, await linksToTry(started.value)))
