import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { BROKEN_OFF, KNOWN_TASK, type SentRequest, type TestUpstream } from './server.ts'

type Responder = Parameters<TestUpstream['respondWith']>[0]

const KNOWN = () =>
  Response.json({
    status: 'success',
    data: { status: 'PROCESSED', progress: '100', files: [], creditsDeducted: true },
  })

export async function openUpstream(): Promise<TestUpstream> {
  let respond: Responder = () => new Response('No request was expected.', { status: 500 })
  const sent: SentRequest[] = []
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
      sent.push({ method, path: new URL(url).pathname, headers, body })
      const given = await respond(request)
      if (given !== BROKEN_OFF) return given
      const { outgoing } = env as HttpBindings
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      outgoing.write('{"status":"succ', () => outgoing.destroy())
      // Nothing follows.
      return new Promise<never>(() => undefined)
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    begun: () => begun,
    cutOff: () => cutOff,
    respondWith(next) {
      sent.length = 0
      respond = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
