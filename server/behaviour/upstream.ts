import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Asked, BROKEN_OFF, KNOWN_TASK, type TestUpstream } from './server.ts'

type Answer = Parameters<TestUpstream['answer']>[0]

const KNOWN = () =>
  Response.json({
    status: 'success',
    data: { status: 'PROCESSED', progress: '100', files: [], creditsDeducted: true },
  })

export async function openUpstream(): Promise<TestUpstream> {
  let answer: Answer = () => new Response('Nothing was expected to be asked.', { status: 500 })
  const asked: Asked[] = []
  let [begun, cutOff] = [0, 0]
  const server = createServer(
    getRequestListener(async (request, env) => {
      begun++
      const { method, url, headers } = request
      const body = await request
        .clone()
        .text()
        .catch(() => null)
      if (body === null) {
        cutOff++
        return new Response(null, { status: 400 })
      }
      if (body.includes(KNOWN_TASK)) return KNOWN()
      asked.push({ method, path: new URL(url).pathname, headers, body })
      const given = await answer(request)
      if (given !== BROKEN_OFF) return given
      const { outgoing } = env as HttpBindings
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      outgoing.write('{"status":"succ', () => outgoing.destroy())
      return RESPONSE_ALREADY_SENT
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    begun: () => begun,
    cutOff: () => cutOff,
    answer(next) {
      asked.length = 0
      answer = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
