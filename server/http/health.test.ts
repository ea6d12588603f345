import { expect, test } from 'vitest'
import { createApp } from '../app.ts'

function appOf(closing?: AbortSignal) {
  let questions = 0
  const app = createApp({
    upstream: async () => {
      questions++
      return Response.json({})
    },
    timeoutMs: 1000,
    sandbox: true,
    names: { host: '127.0.0.1', origin: 'https://loupe.example.org' },
    clientLimit: { limit: () => 1, clientOf: () => 'a' },
    ...(closing === undefined ? {} : { closing }),
  })
  return { app, questions: () => questions }
}

test('a load balancer gets a response under any host name, at any rate, and learns nothing else', async () => {
  const { app, questions } = appOf(new AbortController().signal)
  for (const origin of ['http://127.0.0.1', 'http://10.0.0.7:4173', 'http://lb.internal']) {
    const response = await app.request(`${origin}/healthz`)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('ok\n')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    const head = await app.request(`${origin}/healthz`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  }
  const posted = await app.request('http://127.0.0.1/healthz', { method: 'POST' })
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  expect(questions()).toBe(0)
})

test('during shutdown it reports so, and accepts no new requests', async () => {
  const closing = new AbortController()
  const { app, questions } = appOf(closing.signal)
  closing.abort()
  const ill = await app.request('http://10.0.0.7/healthz')
  expect([ill.status, await ill.text()]).toEqual([503, 'closing\n'])
  for (const path of ['/', '/api/get-task-status', '/files/a.png', '/samples/a.png']) {
    const response = await app.request(`http://127.0.0.1${path}`)
    expect(response.status, path).toBe(503)
    expect(response.headers.get('connection')).toBe('close')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ error: 'CLOSING' })
  }
  expect(questions()).toBe(0)
})
