import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own. */
export interface Program {
  readonly url: string
  readonly pid: number
  readonly stop: () => Promise<void>
}

/** Runs a file of this folder that ends in `announce`. */
async function run(file: string, ...args: string[]): Promise<Program> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = fork(path, args, { execArgv: ['--import', 'tsx'] })
  const [url] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${file} ended with ${code}`)
    }),
  ])
  return {
    url: String(url),
    pid: child.pid ?? Number.NaN,
    async stop() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}

/** `run`, and ended whatever becomes of `use`. */
export async function during<T>(
  [file, ...args]: readonly [string, ...string[]],
  use: (program: Program) => Promise<T>,
): Promise<T> {
  const program = await run(file, ...args)
  try {
    return await use(program)
  } finally {
    await program.stop()
  }
}

/** Listens on a free port of this machine and tells it to whoever ran this program. */
export function announce(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
  })
}

/** On Linux, in ticks; this is what it reports them in on every machine. */
const TICK_MS = 10

/** What a process has computed so far, in ms, or null where the system does not say. */
export function cpuMs(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before may hold spaces. proc(5): utime and stime are the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return null
  }
}
