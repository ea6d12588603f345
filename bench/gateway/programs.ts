import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'

/** A server in its own process. */
export interface Program {
  readonly url: string
  readonly pid: number
  readonly stop: () => Promise<void>
}

/** Runs a file of this folder that calls `announce`. */
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

/** Runs a program during `use` and always stops it. */
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

/** Listens on a free port of this machine and sends the URL to the parent process. */
export function announce(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
  })
}

/** CPU time in /proc is in ticks of this length on every Linux machine. */
const TICK_MS = 10

/** CPU time of a process so far in ms, or null where the system does not report it. */
export function cpuMs(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before may contain spaces. proc(5): utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return null
  }
}
