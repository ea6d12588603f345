import { createElement } from 'react'
import { prerender } from 'react-dom/static'
import { MemoryRouter } from 'react-router'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { generatedAnswers } from '../../../server/contract-generator.ts'
import { holdClock } from '../../lib/clock.ts'
import { FileGrid } from '../../task-view/files.tsx'
import { readReply } from '../../upscayl/read-reply.ts'
import { TASK_RULES } from '../../upscayl/task.ts'
import { loadSections } from '../task/task-sections.tsx'
import { DEFAULT_AT } from './address.ts'
import { followingAt } from './following.ts'
import { TaskScene } from './states/task-scene.tsx'

/* Whatever the contract allows, the task page draws it, and draws nothing that makes no sense. */

const COUNT = 300
/** What a value that nobody thought of looks like in the end. */
const NONSENSE = ['NaN', 'undefined', 'Infinity', 'Invalid Date', '[object Object]']

beforeAll(async () => {
  await Promise.all([loadSections(), FileGrid.load()])
  holdClock(DEFAULT_AT)
  vi.stubGlobal('location', { origin: 'https://loupe.example' })
})
afterAll(() => {
  holdClock(null)
  vi.unstubAllGlobals()
})

function understood(body: unknown) {
  const headers = { 'content-type': 'application/json' }
  return readReply({ status: 200, headers, body: JSON.stringify(body) }, DEFAULT_AT)
}

/** The whole page, with what it loads later. */
async function draw(answer: ReturnType<typeof understood>): Promise<string> {
  const at = DEFAULT_AT - 4000
  const following = followingAt([{ askedAt: at - 150, answeredAt: at, answer }], DEFAULT_AT)
  const page = createElement(MemoryRouter, null, createElement(TaskScene, { following }))
  // What one part throws would otherwise only leave its place empty.
  const thrown: unknown[] = []
  const { prelude } = await prerender(page, { onError: (error) => void thrown.push(error) })
  expect(thrown).toEqual([])
  return (await new Response(prelude).text()).replaceAll(/<!--.*?-->/g, '')
}

test('every answer that the contract allows is drawn, and makes sense', async () => {
  const kinds = new Set<string>()
  let links = 0
  for (const body of generatedAnswers(1, COUNT)) {
    const answer = understood(body)
    const html = await draw(answer)
    const said = JSON.stringify(body)
    // A name that was made up may say so itself.
    const made = NONSENSE.filter((word) => html.includes(word) && !said.includes(word))
    expect(made, said).toEqual([])
    const addresses = [...html.matchAll(/ (?:href|src|srcset)="([^"]*)"/gi)].map(([, it]) => it)
    expect(
      addresses.filter((it) => !/^(?:https?:\/\/|\/)/.test(it ?? '')),
      said,
    ).toEqual([])
    links += html.split('<a href="http').length - 1
    if (answer.result.ok) kinds.add(answer.result.value.kind)
  }
  // All there is to be drawn was among them.
  expect([...kinds].sort()).toEqual(Object.keys(TASK_RULES).sort())
  expect(links).toBeGreaterThan(COUNT / 10)
})
