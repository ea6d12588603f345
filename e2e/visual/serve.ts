import { pathToFileURL } from 'node:url'

/*
 * Run inside of a checkout (`serve.ts <its folder>`): serves what is built there, over its own server and
 * sandbox at a time that stands still, and prints where, as a line of JSON.
 */

const folder = process.argv[2] ?? '.'
const { startStillServer } = await import(
  pathToFileURL(`${folder}/e2e/support/still-server.ts`).href
)
const { url, key } = await startStillServer()
process.stdout.write(`${JSON.stringify({ url, key })}\n`)
