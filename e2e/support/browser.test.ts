import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { STARTS, startBrowser } from './browser.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loupe-browser-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a script in place of the browser and counts how often it was started. */
async function startsOf(exit: string): Promise<number> {
  const executablePath = join(folder, 'browser')
  const script = `#!/bin/sh\necho >> ${join(folder, 'starts')}\n${exit}\n`
  writeFileSync(executablePath, script, { mode: 0o755 })
  await expect(startBrowser({ executablePath })).rejects.toThrow()
  return readFileSync(join(folder, 'starts'), 'utf8').length
}

test.skipIf(process.platform === 'win32')(
  'restarts a browser that crashes at startup, but not one that exits',
  async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(await startsOf('kill -SEGV $$')).toBe(STARTS)
    expect(warn).toHaveBeenCalledTimes(STARTS - 1)
    rmSync(join(folder, 'starts'))
    expect(await startsOf('exit 1')).toBe(1)
    warn.mockRestore()
  },
)
