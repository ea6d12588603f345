import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { apiBehaviour } from './api-behaviour.ts'
import { linkBehaviour } from './link-behaviour.ts'
import { memoryBehaviour } from './memory-behaviour.ts'
import { questionBehaviour } from './question-behaviour.ts'
import type { OpenServer } from './server.ts'
import { siteBehaviour } from './site-behaviour.ts'
import { expectProblem, keysIn, MOST_WAIT, newKey, openStage, type Stage } from './stage.ts'
import { startBehaviour } from './start-behaviour.ts'

/** What holds wherever Loupe's server runs. `also`: what holds there besides. */
export function behaviour(open: OpenServer, also?: (stage: () => Stage) => void): void {
  let opened: Stage | null = null
  const stage = (): Stage => {
    if (opened === null) throw new Error('The server is not open.')
    return opened
  }

  beforeAll(async () => {
    opened = await openStage(open)
  })
  afterAll(() => opened?.close())

  siteBehaviour(stage)
  apiBehaviour(stage)
  questionBehaviour(stage)
  memoryBehaviour(stage)
  linkBehaviour(stage, open)
  startBehaviour(stage)
  also?.(stage)

  test('no key is in what the server keeps', async () => {
    await stage().share(newKey(), 'a-task')
    const files = await readdir(stage().folder, { recursive: true, withFileTypes: true })
    const texts = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    )
    const kept = [...texts, ...files.map(({ name }) => name)].join('\n')
    expect(kept).toContain('a-task')
    expect(keysIn(kept)).toEqual([])
  })

  test('where the API cannot be reached, that is said', async () => {
    await stage().upstream.close()
    await expectProblem(await stage().ask(newKey(), 'a-task'), 502, 'UPSTREAM_UNREACHABLE')
  })

  test('the log tells what failed, and no key', async () => {
    await vi.waitFor(() => expect(stage().log()).toContain('"upstream-failure"'), MOST_WAIT)
    expect(keysIn(stage().log())).toEqual([])
  })
}
