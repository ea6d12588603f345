/* All terminal output of the server goes through this module. */

// When nobody reads them any more, such as after `| head -1`, the server goes on without its log.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

export const printError = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Exit code for options and settings that can't be used: a restart would not help. */
export const USAGE = 2

/** Exits the program, printing one sentence for each problem. */
export function fail(sentences: readonly string[], code = 1): never {
  for (const sentence of sentences) printError(sentence)
  process.exit(code)
}
