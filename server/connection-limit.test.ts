import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { limitConnections } from './connection-limit.ts'
import { createHttpServer, listen } from './listen.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

async function start(addressOf: () => string | null) {
  const server = createHttpServer().on('request', (_, response) => response.end('hello'))
  limitConnections(server, { mostPerAddress: 2, addressOf })
  const listening = await listen(server, { host: '127.0.0.1', port: 0 }, 'npm start')
  if (!listening.ok) throw new Error(listening.error)
  onTestFinished(() => listening.value.close(0))
  const { port } = new URL(listening.value.url)

  /** What comes of a connection: an answer, or its end. */
  return async (): Promise<{ socket: Socket; got: 'answer' | 'end' }> => {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined)
    socket.write(GET)
    const got = await Promise.race([
      once(socket, 'data').then(
        () => 'answer' as const,
        () => 'end' as const,
      ),
      new Promise<'end'>((ended) => socket.once('close', () => ended('end'))),
    ])
    return { socket, got }
  }
}

test('an address has so many connections at a time, and the others have theirs', async () => {
  let address = 'a'
  const open = await start(() => address)
  const first = await open()
  expect([first.got, (await open()).got, (await open()).got]).toEqual(['answer', 'answer', 'end'])
  address = 'b'
  expect((await open()).got).toBe('answer')
  address = 'a'
  first.socket.destroy()
  // The server hears of it a little later.
  await vi.waitFor(async () => expect((await open()).got).toBe('answer'), 50_000)
})

test('some are not counted', async () => {
  const open = await start(() => null)
  for (let n = 0; n < 5; n++) expect((await open()).got).toBe('answer')
})
