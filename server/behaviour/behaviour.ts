import { afterAll, beforeAll, test } from 'vitest'
import { apiBehaviour } from './api-behaviour.ts'
import { linkBehaviour } from './link-behaviour.ts'
import { questionBehaviour } from './question-behaviour.ts'
import type { OpenServer } from './server.ts'
import { siteBehaviour } from './site-behaviour.ts'
import { expectProblem, newKey, openStage, type Stage } from './stage.ts'
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
  linkBehaviour(stage, open)
  startBehaviour(stage)
  also?.(stage)

  test('where the API cannot be reached, that is said', async () => {
    await stage().upstream.close()
    await expectProblem(await stage().ask(newKey(), 'a-task'), 502, 'UPSTREAM_UNREACHABLE')
  })
}
