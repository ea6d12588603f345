import { printError } from './terminal.ts'

/** Under npm, one Ctrl+C arrives twice, from the terminal and from npm. */
const SAME_SIGNAL_MS = 500

const PARENT_CHECK_MS = 500

/**
 * Exits cleanly on SIGINT or SIGTERM, and at once on a second signal. Under npm, also when the parent
 * process ends: `npm start` runs a shell in between, which dies of a SIGTERM without passing it on, so
 * the server would run on unnoticed and keep its port.
 */
export function endOnSignal(close: () => Promise<void>): void {
  let signalledAt: number | null = null
  const end = (): void => {
    if (signalledAt !== null) {
      if (performance.now() - signalledAt > SAME_SIGNAL_MS) process.exit(1)
      return
    }
    signalledAt = performance.now()
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        const name = error instanceof Error ? error.name : 'unknown'
        printError(`The server didn't stop cleanly: ${name}`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    end()
  }, PARENT_CHECK_MS).unref()
}
