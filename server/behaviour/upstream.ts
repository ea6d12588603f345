import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Asked, TestUpstream } from './server.ts'

type Answer = Parameters<TestUpstream['answer']>[0]

export async function openUpstream(): Promise<TestUpstream> {
  let answer: Answer = () => new Response('Nothing was expected to be asked.', { status: 500 })
  const asked: Asked[] = []
  const server = createServer(
    getRequestListener(
      async (request) => {
        const { method, url, headers } = request
        const body = await request.clone().text()
        asked.push({ method, path: new URL(url).pathname, headers, body })
        return answer(request)
      },
      // What breaks off here is what a test wants to break off.
      { errorHandler: () => new Response(null, { status: 500 }) },
    ),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
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
