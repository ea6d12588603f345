import { createElement } from 'react'
import { prerender } from 'react-dom/static'
import { MemoryRouter } from 'react-router'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseRecordedResponse } from '../../core/api/replay.ts'
import { TASK_RULES } from '../../core/api/task.ts'
import { generatedAnswers } from '../../test/openapi/arbitrary-response.ts'
import { holdClock } from '../lib/clock.ts'
import { loadSections } from '../task-view/task-sections.tsx'
import { DEFAULT_AT } from './address.ts'
import { followingAt } from './following.ts'
import { TaskScene } from './states/task-scene.tsx'

/* The task page renders every response that the contract allows, without nonsense. */

const COUNT = 300
/** Typical output of unhandled values. */
const NONSENSE = ['NaN', 'undefined', 'Infinity', 'Invalid Date', '[object Object]']

beforeAll(async () => {
  await loadSections()
  holdClock(DEFAULT_AT)
  vi.stubGlobal('location', { origin: 'https://loupe.example' })
})
afterAll(() => {
  holdClock(null)
  vi.unstubAllGlobals()
})

function parsed(body: unknown) {
  const headers = { 'content-type': 'application/json' }
  return parseRecordedResponse({ status: 200, headers, body: JSON.stringify(body) }, DEFAULT_AT)
}

/** Renders the whole page, with lazy parts. */
async function draw(response: ReturnType<typeof parsed>): Promise<string> {
  const at = DEFAULT_AT - 4000
  const following = followingAt([{ requestedAt: at - 150, receivedAt: at, response }], DEFAULT_AT)
  const page = createElement(MemoryRouter, null, createElement(TaskScene, { following }))
  // Error boundaries would otherwise hide what a part throws.
  const thrown: unknown[] = []
  const { prelude } = await prerender(page, { onError: (error) => void thrown.push(error) })
  expect(thrown).toEqual([])
  return (await new Response(prelude).text()).replaceAll(/<!--.*?-->/g, '')
}

test('every response that the contract allows renders, and makes sense', async () => {
  const kinds = new Set<string>()
  let links = 0
  for (const body of generatedAnswers(1, COUNT)) {
    const response = parsed(body)
    const html = await draw(response)
    const bodyText = JSON.stringify(body)
    // A generated name may contain such a word.
    const made = NONSENSE.filter((word) => html.includes(word) && !bodyText.includes(word))
    expect(made, bodyText).toEqual([])
    const urls = [...html.matchAll(/ (?:href|src|srcset)="([^"]*)"/gi)].map(([, it]) => it)
    expect(
      urls.filter((it) => !/^(?:https?:\/\/|\/)/.test(it ?? '')),
      bodyText,
    ).toEqual([])
    links += html.split('<a href="http').length - 1
    if (response.result.ok) kinds.add(response.result.value.kind)
  }
  // All kinds of task were generated.
  expect([...kinds].sort()).toEqual(Object.keys(TASK_RULES).sort())
  expect(links).toBeGreaterThan(COUNT / 10)
})
