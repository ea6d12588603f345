import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/* Helper for tests of faulty upstreams. Not part of the program. */

/** Responds to one request, given as its full text, even in ways HTTP forbids. */
export type Script = (socket: Socket, request: string) => void

export interface RawUpstream {
  readonly url: string
  /** The complete requests received. */
  readonly requests: string[]
  /** The connections that carried a request. Undici opens one in advance to replace a broken one. */
  readonly open: ReadonlySet<Socket>
  /** Sets the response to every request from now on. */
  answerBy(script: Script): void
}

/** A server of bare sockets on loopback, closed when the test ends. */
export async function rawUpstream(first: Script): Promise<RawUpstream> {
  const requests: string[] = []
  const all = new Set<Socket>()
  const open = new Set<Socket>()
  let script = first
  const server = createServer((socket) => {
    all.add(socket)
    socket.on('close', () => {
      all.delete(socket)
      open.delete(socket)
    })
    // A socket cut off while it sends gets a reset.
    socket.on('error', () => undefined)
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      const head = received.indexOf('\r\n\r\n')
      const length = Number(/^content-length: (\d+)\r$/im.exec(received)?.[1] ?? 0)
      const end = head + 4 + length
      if (head === -1 || received.length < end) return
      const request = received.slice(0, end)
      received = received.slice(end)
      requests.push(request)
      open.add(socket)
      script(socket, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of all) socket.destroy()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    open,
    answerBy(next) {
      script = next
    },
  }
}

/** A complete HTTP/1.1 response; the length is that of the body unless the headers set one. */
export const http = (body: string, headers: readonly string[] = [], status = '200 OK'): string => {
  const own = headers.some((header) => /^(?:content-length|transfer-encoding):/i.test(header))
  const length = own ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    ...length,
    ...headers,
    '',
    body,
  ].join('\r\n')
}

/** Sends endlessly, as fast as the socket accepts it. */
export function pour(socket: Socket, chunk: string | Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}
