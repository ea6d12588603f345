import { describe, expect, test, vi } from 'vitest'
import { HOUR } from '../../core/lib/units.ts'
import {
  createHarness,
  expectNothingSent,
  expectProblem,
  gate,
  type Harness,
  MAX_WAIT,
  newKey,
  task,
} from './harness.ts'
import type { OpenServer } from './server.ts'

/** Live links. */
export function linkConformance(stage: () => Harness, open: OpenServer): void {
  describe('a live link', () => {
    test('is created, listed, opened and revoked', async () => {
      const key = newKey()
      stage().upstream.respondWith(() =>
        task({ downloadLink: `https://files.example/a?key=${key}` }),
      )
      const link = await stage().share(key, 'a-task')
      expect(await stage().linksOf(key)).toEqual([link.id])
      const view = await stage().view(link)
      expect(view.status).toBe(200)
      expect(await view.json()).toMatchObject({
        taskId: 'a-task',
        now: stage().now(),
        record: { task: { kind: 'enhancing' } },
      })
      expect(stage().upstream.sent[0]?.headers.get('x-api-key')).toBe(key)
      const revoke = () =>
        stage().fetch(`/api/share/${link.id}`, { method: 'DELETE', headers: { 'x-api-key': key } })
      expect((await revoke()).status).toBe(204)
      expect((await revoke()).status).toBe(204)
      await expectProblem(await stage().view(link), 410, 'SHARE_REVOKED')
      expect(await stage().linksOf(key)).toEqual([])
    })

    test('expires', async () => {
      expectNothingSent(stage())
      const key = newKey()
      const link = await stage().share(key, 'a-task', 2)
      stage().pass(2 * HOUR)
      await expectProblem(await stage().view(link), 410, 'SHARE_ENDED')
      expect(await stage().linksOf(key)).toEqual([])
      expect(stage().upstream.sent).toEqual([])
    })

    test('that was not created here opens nothing', async () => {
      expectNothingSent(stage())
      const link = await stage().share(newKey(), 'a-task')
      for (const url of ['/s/', '/s/AAAA', `${link.url}A`, link.url.slice(0, -1)]) {
        await expectProblem(await stage().view({ ...link, url }), 404, 'SHARE_UNKNOWN')
      }
      await expectProblem(await stage().fetch('/api/shared'), 404, 'SHARE_UNKNOWN')
    })

    test('costs one request for all concurrent viewers, and none until the next is due', async () => {
      const response = gate<Response>()
      stage().upstream.respondWith(() => response.promise)
      const link = await stage().share(newKey(), 'a-task')
      const views = Array.from({ length: 20 }, () => stage().view(link))
      await vi.waitFor(() => expect(stage().upstream.sent).toHaveLength(1), MAX_WAIT)
      response.resolve(task())
      const bodies = await Promise.all(views.map(async (view) => (await view).text()))
      expect(new Set(bodies).size).toBe(1)
      const { nextInMs } = JSON.parse(bodies[0] ?? '') as { nextInMs: number }
      stage().pass(nextInMs - 1)
      await stage().view(link)
      expect(stage().upstream.sent).toHaveLength(1)
      stage().upstream.respondWith(() => task())
      stage().pass(1)
      await stage().view(link)
      expect(stage().upstream.sent).toHaveLength(1)
    })

    test('continues its request when the viewer disconnects', async () => {
      const response = gate<Response>()
      stage().upstream.respondWith(() => response.promise)
      const link = await stage().share(newKey(), 'a-task')
      const hangUp = new AbortController()
      const gone = stage()
        .view(link, hangUp.signal)
        .catch(() => null)
      await vi.waitFor(() => expect(stage().upstream.sent).toHaveLength(1), MAX_WAIT)
      hangUp.abort()
      response.resolve(task())
      await gone
      expect((await stage().view(link)).status).toBe(200)
      expect(stage().upstream.sent).toHaveLength(1)
    })

    test('survives a restart', async () => {
      const key = newKey()
      const [link, revoked] = [await stage().share(key, 'a'), await stage().share(key, 'b')]
      const headers = { 'x-api-key': key }
      await stage().fetch(`/api/share/${revoked.id}`, { method: 'DELETE', headers })
      await stage().restart()
      stage().upstream.respondWith(() => task())
      expect(await stage().linksOf(key)).toEqual([link.id])
      expect((await stage().view(link)).status).toBe(200)
      await expectProblem(await stage().view(revoked), 410, 'SHARE_REVOKED')
    })

    test('of one key is invisible to another', async () => {
      const [mine, other] = [newKey(), newKey()]
      stage().upstream.respondWith(({ headers }) =>
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
      expect(stage().upstream.sent).toHaveLength(2)
    })

    test('uses its own key, regardless of the key or request ID sent with it', async () => {
      const [mine, other] = [newKey(), newKey()]
      stage().upstream.respondWith(({ headers }) =>
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
      const { sent } = stage().upstream
      expect(sent.map(({ headers }) => headers.get('x-api-key'))).toEqual([mine])
    })

    test.each<[string, () => Response]>([
      [
        'is rejected',
        () => Response.json({ error: 'UNAUTHORIZED', message: 'No.' }, { status: 401 }),
      ],
      ['is unknown', () => Response.json('Bad Request: Missing User ID', { status: 400 })],
      ['was not checked because of an error', () => new Response('<html>', { status: 502 })],
    ])('is not created with a key that %s', async (_, response) => {
      stage().upstream.respondWith(response)
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
      expect(stage().upstream.sent).toHaveLength(3)
    })

    test('is created with a key that the API accepted before a restart, without a request', async () => {
      const key = newKey()
      stage().upstream.respondWith(() => task())
      await stage().ask(key, 'a-task')
      await stage().restart()
      expectNothingSent(stage())
      const order = { taskId: 'b-task', shown: { credits: true, links: true } }
      const headers = { 'content-type': 'application/json', 'x-api-key': key }
      const init = { method: 'POST', headers, body: JSON.stringify(order) }
      expect((await stage().fetch('/api/share', init)).status).toBe(201)
      expect(stage().upstream.sent).toEqual([])
    })

    test('is unavailable without a secret to encrypt it', async () => {
      const without = await createHarness(open, { shareSecret: null })
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
