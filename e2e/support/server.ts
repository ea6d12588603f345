import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The real program, as `npm start` runs it, with a data folder and a port of its own. */
export interface LoupeServer {
  readonly url: string
  /** Where the browser goes: the same, or the name given to it. */
  readonly pageUrl: string
  readonly dataDir: string
  /** Of the process that runs now. */
  readonly pid: () => number
  /** All it has printed so far. */
  readonly output: () => string
  /** SIGKILL, as a power cut would: nothing is said goodbye to. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, over the same data. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** `named`: reached as loupe.test, as if it were another machine. */
export async function startServer(
  env: Record<string, string> = {},
  named = false,
): Promise<LoupeServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loupe-e2e-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let printed = ''
  let child: ChildProcess

  const launch = async () => {
    child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
      env: {
        ...process.env,
        PORT: String(port),
        LOUPE_DATA_DIR: dataDir,
        // One key for many tests, which ask more than it may, and by clocks of their own.
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
