/** The server's only way to write to the terminal. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

export const printError = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Ends the program, with a sentence for each thing that is in the way. */
export function fail(sentences: readonly string[]): never {
  for (const sentence of sentences) printError(sentence)
  process.exit(1)
}
