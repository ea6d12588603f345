import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/lib/units.ts'
import { behaviour } from './behaviour.ts'
import { openOnNode } from './on-node.ts'
import { openOnWorkerd, workerBundle } from './on-workerd.ts'
import { newKey, nothingAsked, task } from './stage.ts'
import { startOrder } from './start-behaviour.ts'

test('the Worker brings no React, and of Node only what the runtime has itself', async () => {
  const { imports, packages } = await workerBundle()
  expect([imports.toSorted(), packages]).toEqual([
    ['node:crypto'],
    ['hono', 'ipaddr.js', 'valibot'],
  ])
})

describe('on Node', () => behaviour(openOnNode))

describe('on workerd', () =>
  behaviour(openOnWorkerd, (stage) => {
    test('the allowance outlives the object’s memory', async () => {
      const [key, other] = [newKey(), newKey()]
      const refusal = { error: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests.' }
      stage().upstream.answer(() =>
        Response.json(refusal, { status: 429, headers: { 'retry-after': '1800' } }),
      )
      await stage().view(await stage().share(key, 'a-task'))
      await stage().restart()
      stage().upstream.answer(() => task())
      const [link, another] = [await stage().share(key, 'b-task'), await stage().share(other, 'b')]
      await stage().view(link)
      expect(stage().upstream.asked).toEqual([])
      await stage().view(another)
      expect(stage().upstream.asked).toHaveLength(1)
      stage().pass(HOUR / 2 + MINUTE)
      await stage().view(link)
      expect(stage().upstream.asked).toHaveLength(2)
    })

    test('what is known of a task outlives the object’s memory', async () => {
      const key = newKey()
      stage().upstream.answer(() => task())
      const first = await stage().ask(key, 'a-task')
      await stage().restart()
      nothingAsked(stage())
      const again = await stage().ask(key, 'a-task')
      expect(again.headers.get('loupe-answer')).toBe(first.headers.get('loupe-answer'))
      expect(await again.text()).toBe(await first.text())
      expect(stage().upstream.asked).toEqual([])
    })

    test('what came of a start outlives the object’s memory', async () => {
      const key = newKey()
      const send = async (mark: string) =>
        stage().fetch(
          '/api/start-task',
          await startOrder({ 'x-api-key': key, 'idempotency-key': mark }),
        )
      const answer = { status: 'success', data: { taskId: 'a-new-task' } }
      stage().upstream.answer(() => Response.json(answer))
      expect(await (await send('known')).json()).toEqual(answer)
      stage().upstream.answer(() => Response.json('Error', { status: 500 }))
      expect((await send('unknown')).status).toBe(500)
      await stage().restart()
      nothingAsked(stage())
      expect(await (await send('known')).json()).toEqual(answer)
      expect((await send('unknown')).status).toBe(409)
      expect(stage().upstream.asked).toEqual([])
    })
  }))
