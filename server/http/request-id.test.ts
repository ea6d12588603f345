import { expect, test } from 'vitest'
import { createApp } from '../app.ts'
import type { Upstream } from '../proxy/upstream.ts'
import { testSharing } from '../sharing/testing.ts'
import { type LogRecord, logLine } from './log.ts'

const KEY = 'key-1234567890'
const TASK = 'task-1234567890'

async function appOf(upstream: Upstream, logRequests: boolean) {
  const records: LogRecord[] = []
  const sharing = await testSharing()
  const app = createApp({
    upstream,
    timeoutMs: 1000,
    sandbox: true,
    names: { host: '127.0.0.1', origin: null },
    sharing,
    logRequests,
    log: (record) => records.push(record),
  })
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    app.request(`http://127.0.0.1${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-api-key': KEY, ...headers },
      ...(method === 'POST' ? { body: JSON.stringify({ data: { taskId: TASK } }) } : {}),
    })
  return { ask, records, sharing }
}

const answering: Upstream = async () => Response.json({ status: 'success', data: {} })
const QUESTION = ['POST', `/api/get-task-status?key=${KEY}`] as const

test("each response has its own ID, regardless of the client's", async () => {
  const { ask } = await appOf(answering, false)
  const ids = new Set<string | null>()
  for (let n = 0; n < 50; n++) {
    const { headers } = await ask(...QUESTION, { 'x-request-id': 'mine-0123456789A' })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    ids.add(headers.get('x-request-id'))
  }
  expect(ids.size).toBe(50)
  expect(ids).not.toContain('mine-0123456789A')
})

test('failures are logged with the ID of their response, even for concurrent requests', async () => {
  const { ask, records } = await appOf(async () => new Response('x', { status: 500 }), false)
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(...QUESTION)))
  const ids = answers.map(({ headers }) => headers.get('x-request-id'))
  expect(records).toHaveLength(5)
  expect(new Set(records.map(({ event, id }) => `${event} ${id}`))).toEqual(
    new Set(ids.map((id) => `upstream-failure ${id}`)),
  )
})

test('so are internal errors', async () => {
  const { ask, records, sharing } = await appOf(answering, false)
  sharing.store.close()
  const { headers, status } = await ask('GET', '/api/share')
  expect(status).toBe(500)
  expect(records).toMatchObject([{ event: 'fault', id: headers.get('x-request-id') }])
})

test('each request is logged if enabled, by its route and without secrets', async () => {
  const { ask, records } = await appOf(answering, true)
  const requests = [
    [...QUESTION, 200, '/api/get-task-status'],
    ['DELETE', `/api/get-task-status?${KEY}`, 405, '/api/get-task-status'],
    ['DELETE', `/api/share/${KEY}`, 404, '/api/share/:id'],
    ['GET', `/api/${KEY}/${TASK}`, 404, '/api/*'],
    ['GET', `/api/share?${TASK}`, 200, '/api/share'],
  ] as const
  for (const [method, path, status] of requests)
    expect((await ask(method, path)).status).toBe(status)
  expect(records).toEqual(
    requests.map(([method, , status, path]) => ({
      event: 'request',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method,
      path,
      status,
      ms: expect.any(Number),
    })),
  )
  expect(JSON.stringify(records)).not.toMatch(/1234567890/)
})

test('early rejections are logged, too', async () => {
  const { ask, records } = await appOf(answering, true)
  expect((await ask('GET', '/api/share', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(records).toMatchObject([{ path: '/api/*', status: 403 }])
})

test('a log line starts with the time', () => {
  const record: LogRecord = { event: 'fault', id: 'abc', name: 'Error', at: 'here' }
  expect(logLine(record, new Date(0))).toBe(
    '{"time":"1970-01-01T00:00:00.000Z","event":"fault","id":"abc","name":"Error","at":"here"}',
  )
})
