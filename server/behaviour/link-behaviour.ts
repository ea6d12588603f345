import { describe, expect, test, vi } from 'vitest'
import { HOUR } from '../../src/lib/units.ts'
import type { OpenServer } from './server.ts'
import {
  expectProblem,
  gate,
  MOST_WAIT,
  newKey,
  nothingAsked,
  openStage,
  type Stage,
  task,
} from './stage.ts'

/** Live links. */
export function linkBehaviour(stage: () => Stage, open: OpenServer): void {
  describe('a live link', () => {
    test('is made, listed, opened and revoked', async () => {
      const key = newKey()
      stage().upstream.answer(() => task({ downloadLink: `https://files.example/a?key=${key}` }))
      const link = await stage().share(key, 'a-task')
      expect(await stage().linksOf(key)).toEqual([link.id])
      const view = await stage().view(link)
      expect(view.status).toBe(200)
      expect(await view.json()).toMatchObject({
        taskId: 'a-task',
        now: stage().now(),
        record: { task: { kind: 'enhancing' } },
      })
      expect(stage().upstream.asked[0]?.headers.get('x-api-key')).toBe(key)
      const revoke = () =>
        stage().fetch(`/api/share/${link.id}`, { method: 'DELETE', headers: { 'x-api-key': key } })
      expect((await revoke()).status).toBe(204)
      expect((await revoke()).status).toBe(204)
      await expectProblem(await stage().view(link), 410, 'SHARE_REVOKED')
      expect(await stage().linksOf(key)).toEqual([])
    })

    test('ends', async () => {
      nothingAsked(stage())
      const key = newKey()
      const link = await stage().share(key, 'a-task', 2)
      stage().pass(2 * HOUR)
      await expectProblem(await stage().view(link), 410, 'SHARE_ENDED')
      expect(await stage().linksOf(key)).toEqual([])
      expect(stage().upstream.asked).toEqual([])
    })

    test('that was not made here opens nothing', async () => {
      nothingAsked(stage())
      const link = await stage().share(newKey(), 'a-task')
      for (const url of ['/s/', '/s/AAAA', `${link.url}A`, link.url.slice(0, -1)]) {
        await expectProblem(await stage().view({ ...link, url }), 404, 'SHARE_UNKNOWN')
      }
      await expectProblem(await stage().fetch('/api/shared'), 404, 'SHARE_UNKNOWN')
    })

    test('costs one question for all who look at once, and none until the next is due', async () => {
      const answer = gate<Response>()
      stage().upstream.answer(() => answer.promise)
      const link = await stage().share(newKey(), 'a-task')
      const views = Array.from({ length: 20 }, () => stage().view(link))
      await vi.waitFor(() => expect(stage().upstream.asked).toHaveLength(1), MOST_WAIT)
      answer.resolve(task())
      const bodies = await Promise.all(views.map(async (view) => (await view).text()))
      expect(new Set(bodies).size).toBe(1)
      const { nextInMs } = JSON.parse(bodies[0] ?? '') as { nextInMs: number }
      stage().pass(nextInMs - 1)
      await stage().view(link)
      expect(stage().upstream.asked).toHaveLength(1)
      stage().upstream.answer(() => task())
      stage().pass(1)
      await stage().view(link)
      expect(stage().upstream.asked).toHaveLength(1)
    })

    test('goes on to ask when whoever looked has gone', async () => {
      const answer = gate<Response>()
      stage().upstream.answer(() => answer.promise)
      const link = await stage().share(newKey(), 'a-task')
      const hangUp = new AbortController()
      const gone = stage()
        .view(link, hangUp.signal)
        .catch(() => null)
      await vi.waitFor(() => expect(stage().upstream.asked).toHaveLength(1), MOST_WAIT)
      hangUp.abort()
      answer.resolve(task())
      await gone
      expect((await stage().view(link)).status).toBe(200)
      expect(stage().upstream.asked).toHaveLength(1)
    })

    test('outlives a restart', async () => {
      const key = newKey()
      const [link, revoked] = [await stage().share(key, 'a'), await stage().share(key, 'b')]
      const headers = { 'x-api-key': key }
      await stage().fetch(`/api/share/${revoked.id}`, { method: 'DELETE', headers })
      await stage().restart()
      stage().upstream.answer(() => task())
      expect(await stage().linksOf(key)).toEqual([link.id])
      expect((await stage().view(link)).status).toBe(200)
      await expectProblem(await stage().view(revoked), 410, 'SHARE_REVOKED')
    })

    test('of one key is nothing to another', async () => {
      const [mine, other] = [newKey(), newKey()]
      stage().upstream.answer(({ headers }) =>
        task({ progress: headers.get('x-api-key') === mine ? '20' : '70' }),
      )
      const link = await stage().share(mine, 'a-task')
      const theirs = await stage().share(other, 'a-task')
      expect(await stage().linksOf(other)).toEqual([theirs.id])
      const revoked = await stage().fetch(`/api/share/${link.id}`, {
        method: 'DELETE',
        headers: { 'x-api-key': other },
      })
      await expectProblem(revoked, 404, 'SHARE_UNKNOWN')
      const progress = async (it: typeof link) =>
        ((await (await stage().view(it)).json()) as { record: { task: { progress: number } } })
          .record.task.progress
      expect([await progress(link), await progress(theirs)]).toEqual([20, 70])
      expect(stage().upstream.asked).toHaveLength(2)
    })

    test('is the link’s and nobody else’s, whatever key or name of a request comes with it', async () => {
      const [mine, other] = [newKey(), newKey()]
      stage().upstream.answer(({ headers }) =>
        task({ progress: headers.get('x-api-key') === mine ? '20' : '70' }),
      )
      const link = await stage().share(mine, 'a-task')
      const view = (key: string) =>
        stage().fetch('/api/shared', {
          headers: {
            authorization: `Bearer ${link.url.slice('/s/'.length)}`,
            'x-api-key': key,
            'x-request-id': 'made-up',
          },
        })
      for (const key of [other, mine, 'no']) {
        const response = await view(key)
        expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
        const { record } = (await response.json()) as { record: { task: { progress: number } } }
        expect(record.task.progress).toBe(20)
      }
      await stage().fetch(`/api/share/${link.id}`, {
        method: 'DELETE',
        headers: { 'x-api-key': mine },
      })
      for (const key of [other, mine]) {
        await expectProblem(await view(key), 410, 'SHARE_REVOKED')
      }
      const { asked } = stage().upstream
      expect(asked.map(({ headers }) => headers.get('x-api-key'))).toEqual([mine])
    })

    test.each<[string, () => Response]>([
      [
        'is refused',
        () => Response.json({ error: 'UNAUTHORIZED', message: 'No.' }, { status: 401 }),
      ],
      ['is none', () => Response.json('Bad Request: Missing User ID', { status: 400 })],
      ['is not told from another', () => new Response('<html>', { status: 502 })],
    ])('is not made with a key that %s', async (_, answer) => {
      stage().upstream.answer(answer)
      const order = { taskId: 'a-task', shown: { credits: true, links: true } }
      for (const key of [newKey(), newKey(), newKey()]) {
        const headers = { 'content-type': 'application/json', 'x-api-key': key }
        const init = { method: 'POST', headers, body: JSON.stringify(order) }
        for (const _again of [1, 2]) {
          const refused = await stage().fetch('/api/share', init)
          await expectProblem(refused, 403, 'SHARE_KEY_UNPROVEN')
        }
        expect(await stage().linksOf(key)).toEqual([])
      }
      expect(stage().upstream.asked).toHaveLength(3)
    })

    test('is made with a key that the API took before a restart, without a question', async () => {
      const key = newKey()
      stage().upstream.answer(() => task())
      await stage().ask(key, 'a-task')
      await stage().restart()
      nothingAsked(stage())
      const order = { taskId: 'b-task', shown: { credits: true, links: true } }
      const headers = { 'content-type': 'application/json', 'x-api-key': key }
      const init = { method: 'POST', headers, body: JSON.stringify(order) }
      expect((await stage().fetch('/api/share', init)).status).toBe(201)
      expect(stage().upstream.asked).toEqual([])
    })

    test('cannot be had where nothing is set to encrypt it with', async () => {
      const without = await openStage(open, { shareSecret: null })
      try {
        for (const headers of [{}, { 'x-api-key': newKey() }] as Record<string, string>[]) {
          const list = await without.fetch('/api/share', { headers })
          await expectProblem(list, 503, 'SHARE_UNAVAILABLE')
          const view = await without.fetch('/api/shared', { headers })
          await expectProblem(view, 503, 'SHARE_UNAVAILABLE')
        }
      } finally {
        await without.close()
      }
    })
  })
}
