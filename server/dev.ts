import { createServer } from 'node:http'
import { createServer as createVite } from 'vite'
import { isApiPath } from './app.ts'
import { banner, linksToTry } from './banner.ts'
import { readConfig } from './config.ts'
import { endOnSignal } from './shutdown.ts'
import { startServer } from './start.ts'
import { print, printError } from './terminal.ts'

/*
 * `npm run dev`: Vite inside the server instead of the built files. One process and one port, so
 * the sandbox's links have the address in the browser. Vite does not send the security headers.
 */

function fail(sentences: readonly string[]): never {
  for (const sentence of sentences) printError(sentence)
  process.exit(1)
}

const config = readConfig(process.env, { port: 5173 })
if (!config.ok) fail(config.error)

const server = createServer()
const vite = await createVite({
  // By tsx, which runs this file: Vite's own way leaves a temporary file that restarts tsx watch.
  configLoader: 'native',
  server: { middlewareMode: true, hmr: { server }, host: config.value.host },
})
const started = await startServer(config.value, {
  command: 'npm run dev',
  log: (record) => printError(JSON.stringify(record)),
  server,
  around: (app) => (request, response) => {
    if (isApiPath(request.url ?? '')) app(request, response)
    else vite.middlewares(request, response)
  },
})
if (!started.ok) fail([started.error])

endOnSignal(async () => {
  await vite.close()
  await started.value.close()
})
print(banner(config.value, started.value, await linksToTry(started.value)))
