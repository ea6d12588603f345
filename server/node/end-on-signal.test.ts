import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'

const MODULE = new URL('./end-on-signal.ts', import.meta.url).href

/** Runs a program that ends by `close`, sends it `signals` once it is up; resolves to its exit code. */
function exitCode(close: string, signals: readonly NodeJS.Signals[]): Promise<number | null> {
  const program = `
    import { endOnSignal } from ${JSON.stringify(MODULE)}
    setInterval(() => undefined, 1000)
    endOnSignal(${close})
    process.stdout.write('up')`
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  child.stdout.once('data', () => {
    for (const signal of signals) child.kill(signal)
  })
  return new Promise((resolve) => {
    child.once('exit', resolve)
  })
}

const AFTER_A_WHILE = '() => new Promise((resolve) => setTimeout(resolve, 100))'
const FAILING = '() => Promise.reject(new Error("no"))'

test('a signal ends the program cleanly, as does Ctrl+C that arrives twice', async () => {
  const codes = await Promise.all([
    exitCode(AFTER_A_WHILE, ['SIGTERM']),
    exitCode(AFTER_A_WHILE, ['SIGINT', 'SIGTERM']),
    exitCode(FAILING, ['SIGTERM']),
  ])
  expect(codes).toEqual([0, 0, 1])
})
