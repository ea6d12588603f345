import { printError } from './terminal.ts'

/** Ctrl+C below npm arrives twice, from the terminal and from npm; that is one wish. */
const SAME_WISH_MS = 500

const PARENT_CHECK_MS = 500

interface EndOptions {
  /**
   * End with the process that started this one. `npm start` runs a shell in between, which dies of a
   * SIGTERM without passing it on; the server would keep its port, and nobody would know of it.
   */
  readonly withParent?: boolean
}

/** Ends the process cleanly at SIGINT or SIGTERM, and at once if asked again. */
export function endOnSignal(close: () => Promise<void>, options: EndOptions = {}): void {
  let askedAt: number | null = null
  const end = (): void => {
    if (askedAt !== null) {
      if (performance.now() - askedAt > SAME_WISH_MS) process.exit(1)
      return
    }
    askedAt = performance.now()
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        printError(
          `The server did not end cleanly: ${error instanceof Error ? error.name : 'unknown'}`,
        )
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (options.withParent === true) {
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      end()
    }, PARENT_CHECK_MS)
    watch.unref()
  }
}
