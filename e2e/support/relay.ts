import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

export interface Relay {
  readonly url: string
  /** From now on, connections end after the headers of a response to GET `path`. */
  readonly cut: (path: string) => void
  readonly stop: () => Promise<void>
}

/** Another port of the server at `url`, for connections that break. */
export async function startRelay(url: string): Promise<Relay> {
  const { hostname, port } = new URL(url)
  let cutPath: string | null = null
  const relay = createServer((browser) => {
    const server = connect(Number(port), hostname)
    let isCut = false
    browser.on('data', (sent) => {
      isCut = cutPath !== null && sent.includes(`GET ${cutPath} `)
      server.write(sent)
    })
    server.on('data', (sent) => {
      if (isCut) browser.end(sent.subarray(0, sent.indexOf('\r\n\r\n') + 4))
      else browser.write(sent)
    })
    for (const [one, other] of [
      [browser, server],
      [server, browser],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    cut: (path) => {
      cutPath = path
    },
    stop: async () => void relay.close(),
  }
}
