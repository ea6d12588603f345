import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The real server, as `npm start` runs it, with its own data folder and port. */
export interface LoupeServer {
  readonly url: string
  /** URL for the browser: the same, or under the other host name. */
  readonly pageUrl: string
  readonly dataDir: string
  /** ID of the current process. */
  readonly pid: () => number
  /** Everything it has printed so far. */
  readonly output: () => string
  /** SIGKILL, as in a power cut: no graceful shutdown. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port with the same data. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** `named`: reached as loupe.test, like another machine. `program`: another build of the server. */
export async function startServer(
  env: Record<string, string> = {},
  named = false,
  program = 'dist-server/main.js',
): Promise<LoupeServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loupe-e2e-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let printed = ''
  let child: ChildProcess

  const launch = async () => {
    child = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        PORT: String(port),
        LOUPE_DATA_DIR: dataDir,
        // Many tests share one key. They send more requests than its limit, by clocks of their
        // own.
        LOUPE_HOURLY_QUESTIONS: 'none',
        LOUPE_ORIGIN: named ? `http://loupe.test:${port}` : '',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const started = new Promise<void>((resolve, reject) => {
      const listen = (chunk: Buffer) => {
        printed += chunk.toString()
        if (printed.includes('Ctrl+C')) resolve()
      }
      child.stdout?.on('data', listen)
      child.stderr?.on('data', listen)
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${printed}`)))
    })
    await started
  }

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  await launch()
  return {
    url,
    pageUrl: named ? `http://loupe.test:${port}` : url,
    dataDir,
    pid: () => child.pid ?? Number.NaN,
    output: () => printed,
    kill: () => end('SIGKILL'),
    restart: () => {
      printed = ''
      return launch()
    },
    stop: async () => {
      await end('SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
