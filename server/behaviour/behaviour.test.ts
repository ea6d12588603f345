import { describe, expect, test } from 'vitest'
import { behaviour } from './behaviour.ts'
import { openOnNode } from './on-node.ts'
import { openOnWorkerd, workerBundle } from './on-workerd.ts'
import { newKey, nothingAsked, task } from './stage.ts'

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
  }))
