/** All terminal output of the server goes through this module. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

export const printError = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Exits the program, printing one sentence for each problem. */
export function fail(sentences: readonly string[]): never {
  for (const sentence of sentences) printError(sentence)
  process.exit(1)
}
