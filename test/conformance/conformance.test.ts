import { describe, expect, test } from 'vitest'
import { behaviour } from './conformance.ts'
import { expectNothingSent, newKey, task } from './harness.ts'
import { openOnNode } from './on-node.ts'
import { openOnWorkerd, workerBundle } from './on-workerd.ts'

test('the Worker contains no React, and of Node only what the runtime provides', async () => {
  const { imports, packages } = await workerBundle()
  expect([imports.toSorted(), packages]).toEqual([
    ['node:crypto'],
    ['hono', 'ipaddr.js', 'valibot'],
  ])
})

describe('on Node', () => behaviour(openOnNode))

describe('on workerd', () =>
  behaviour(openOnWorkerd, (stage) => {
    test("a task's status survives the object's eviction", async () => {
      const key = newKey()
      stage().upstream.respondWith(() => task())
      const first = await stage().ask(key, 'a-task')
      await stage().restart()
      expectNothingSent(stage())
      const again = await stage().ask(key, 'a-task')
      expect(again.headers.get('loupe-answer')).toBe(first.headers.get('loupe-answer'))
      expect(await again.text()).toBe(await first.text())
      expect(stage().upstream.sent).toEqual([])
    })
  }))
