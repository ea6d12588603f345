/** The server's only way to write to the terminal. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

export const printError = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
