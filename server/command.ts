import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { version } from '../package.json'
import { readConfig } from './config.ts'
import { startServer } from './create-server.ts'
import { logLine } from './http/log.ts'
import { banner, linksToTry } from './node/banner.ts'
import { helpText, readCommandLine, type StartCommand } from './node/command-line.ts'
import { withFlag } from './node/http-server.ts'
import { hasBuild, serveDashboard } from './node/static.ts'
import { fail, print, printError, USAGE } from './node/terminal.ts'
import { userDataDir } from './node/user-data-dir.ts'

/* The command `loupe`, which main.ts starts. `npm start` runs it, too. */

const fileBeside = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

const DIST = fileBeside('dist')
/** The package contains no TypeScript. */
const isClone = existsSync(fileBeside('server/main.ts'))
const command = isClone ? 'npm start --' : 'loupe'

/** Called with what closes the server once it has started. */
type OnStart = (close: () => Promise<void>) => void

export async function runCommand(onStart: OnStart): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2), process.env)
  if (!commandLine.ok) fail([commandLine.error, `All options: ${command} --help`], USAGE)
  const dataDir = isClone ? '.loupe' : await userDataDir()
  if (commandLine.value.kind === 'help') print(helpText(command, dataDir))
  else if (commandLine.value.kind === 'version') print(version)
  else await start(commandLine.value, dataDir, onStart)
}

async function start(
  { env, nameOf, open }: StartCommand,
  dataDir: string | null,
  onStart: OnStart,
): Promise<void> {
  const config = readConfig(env, { dataDir, nameOf })
  if (!config.ok) fail(config.error, USAGE)
  if (!hasBuild(DIST)) fail(['The dashboard is not built yet. Run npm run build first.'])

  const started = await startServer(config.value, {
    commandWith: withFlag(command),
    site: serveDashboard(DIST),
    log: (record) => printError(logLine(record, new Date())),
  })
  if (!started.ok) fail([started.error])

  onStart(started.value.close)
  print(banner(config.value, started.value, await linksToTry(started.value)))
  if (open) await openInBrowser(started.value.url)
}

/** Not a reason to stop: a server often has no browser. */
async function openInBrowser(url: string): Promise<void> {
  try {
    const { default: openUrl } = await import('open')
    await openUrl(url)
  } catch {
    printError(`No browser could be opened. Open ${url} yourself.`)
  }
}
