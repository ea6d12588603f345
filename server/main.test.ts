import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryDir } from './sandbox/testing.ts'

/** Sends the signal as soon as the program listens for it. */
const AT_ONCE = `data:text/javascript,process.on('newListener', (name) => {
  if (name === 'SIGTERM') setImmediate(() => process.kill(process.pid, name))
})`

test.each(['main.ts', 'sandbox/main.ts'])('a signal ends a start of %s cleanly', async (file) => {
  const folder = await temporaryDir()
  const main = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', AT_ONCE, main], {
    env: { ...process.env, PORT: '0', LOUPE_DATA_DIR: folder },
  })
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  child.stderr.on('data', (text) => {
    output += text
  })
  expect(await once(child, 'close')).toEqual([0, null])
  expect(output).toBe('')
  if (file === 'main.ts') expect(await readdir(folder)).toEqual([])
})
