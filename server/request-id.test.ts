import { expect, test } from 'vitest'
import { createApp } from './app.ts'
import { type LogRecord, logLine } from './log.ts'
import { testSharing } from './share/testing.ts'
import type { Upstream } from './upstream.ts'

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

test('each answer has an id of its own, whatever the client calls it', async () => {
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

test('what fails is logged with the id of its answer, also when many ask at once', async () => {
  const { ask, records } = await appOf(async () => new Response('x', { status: 500 }), false)
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(...QUESTION)))
  const ids = answers.map(({ headers }) => headers.get('x-request-id'))
  expect(records).toHaveLength(5)
  expect(new Set(records.map(({ event, id }) => `${event} ${id}`))).toEqual(
    new Set(ids.map((id) => `upstream-failure ${id}`)),
  )
})

test('so is a fault', async () => {
  const { ask, records, sharing } = await appOf(answering, false)
  sharing.store.close()
  const { headers, status } = await ask('GET', '/api/share')
  expect(status).toBe(500)
  expect(records).toMatchObject([{ event: 'fault', id: headers.get('x-request-id') }])
})

test('each request is logged where that is wished, by its route and with no secret', async () => {
  const { ask, records } = await appOf(answering, true)
  const asked = [
    [...QUESTION, 200, '/api/get-task-status'],
    ['DELETE', `/api/get-task-status?${KEY}`, 405, '/api/get-task-status'],
    ['DELETE', `/api/share/${KEY}`, 404, '/api/share/:id'],
    ['GET', `/api/${KEY}/${TASK}`, 404, '/api/*'],
    ['GET', `/api/share?${TASK}`, 200, '/api/share'],
  ] as const
  for (const [method, path, status] of asked) expect((await ask(method, path)).status).toBe(status)
  expect(records).toEqual(
    asked.map(([method, , status, path]) => ({
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

test('what is refused early is logged, too', async () => {
  const { ask, records } = await appOf(answering, true)
  expect((await ask('GET', '/api/share', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(records).toMatchObject([{ path: '/api/*', status: 403 }])
})

test('a line of the log has the time first', () => {
  const record: LogRecord = { event: 'fault', id: 'abc', name: 'Error', at: 'here' }
  expect(logLine(record, new Date(0))).toBe(
    '{"time":"1970-01-01T00:00:00.000Z","event":"fault","id":"abc","name":"Error","at":"here"}',
  )
})
