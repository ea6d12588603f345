import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/* What the tests of faults need. No part of the program. */

/** Answers one request, by its whole text, however HTTP forbids it. */
export type Script = (socket: Socket, request: string) => void

export interface RawUpstream {
  readonly url: string
  /** The requests that came in whole. */
  readonly requests: string[]
  /** The connections by which something was asked. Undici opens one in advance in place of a broken one. */
  readonly open: ReadonlySet<Socket>
  /** What every request from now on gets. */
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
    // Whoever is cut off while it talks gets a reset.
    socket.on('error', () => undefined)
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      const head = heard.indexOf('\r\n\r\n')
      const length = Number(/^content-length: (\d+)\r$/im.exec(heard)?.[1] ?? 0)
      const end = head + 4 + length
      if (head === -1 || heard.length < end) return
      const request = heard.slice(0, end)
      heard = heard.slice(end)
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

/** A whole answer of HTTP/1.1; the length is that of the body unless the headers say one. */
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

/** Sends without end, as fast as it is taken. `sent()` gives how many bytes were handed over. */
export function pour(socket: Socket, chunk: string | Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}
