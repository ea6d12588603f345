import { pathToFileURL } from 'node:url'

/*
 * Runs inside a checkout (`serve.ts <its folder>`): serves its build with its own server and
 * sandbox and a fixed clock, and prints the URL and key as a line of JSON.
 */

const folder = process.argv[2] ?? '.'
const { startStillServer } = await import(
  pathToFileURL(`${folder}/e2e/support/still-server.ts`).href
)
const { url, key } = await startStillServer()
process.stdout.write(`${JSON.stringify({ url, key })}\n`)
