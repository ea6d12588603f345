import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { withContractChecks } from '../../test/openapi/assert-contract.ts'
import { createApi } from '../api.ts'
import { remoteUpstream } from './upstream.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A real server on loopback; resolves to its base URL. */
function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
    })
  })
}

const gatewayTo = (baseUrl: string, timeoutMs: number) =>
  withContractChecks(createApi({ upstream: remoteUpstream(baseUrl), timeoutMs, sandbox: false }))

const ask = (baseUrl: string, timeoutMs = 5000) =>
  gatewayTo(baseUrl, timeoutMs).request('http://loupe.test/get-task-status', {
    method: 'POST',
    body: '{"data":{"taskId":"a"}}',
    headers: {
      'content-type': 'application/json',
      'x-api-key': 'key',
      authorization: 'Basic x',
      cookie: 'a=b',
      origin: 'http://loupe.test',
      referer: 'http://loupe.test/tasks/a',
      'x-forwarded-for': '1.2.3.4',
      'x-real-ip': '1.2.3.4',
    },
  })

const errorOf = async (response: Response): Promise<string> => {
  const { error } = (await response.json()) as { error: string }
  return `${response.status} ${error}`
}

test('requests below the base URL, with only the headers it needs', async () => {
  let seen: IncomingMessage | undefined
  let body = ''
  const base = await serve(async (request, response) => {
    seen = request
    for await (const chunk of request) body += chunk
    response.setHeader('content-type', 'application/json')
    response.end('{"status":"success","data":{}}')
  })
  expect((await ask(`${base}/v1`)).status).toBe(200)
  expect(seen?.method).toBe('POST')
  expect(seen?.url).toBe('/v1/get-task-status')
  expect(body).toBe('{"data":{"taskId":"a"}}')
  expect(seen?.headers).toEqual({
    accept: '*/*',
    'content-length': '23',
    'content-type': 'application/json',
    host: new URL(base).host,
    'x-api-key': 'key',
    // Set by fetch itself.
    'accept-encoding': expect.any(String),
    'accept-language': '*',
    connection: 'keep-alive',
    'sec-fetch-mode': 'cors',
    'user-agent': 'node',
  })
})

test('sends the request once, even when the connection breaks', async () => {
  let requests = 0
  const base = await serve((request) => {
    requests += 1
    request.socket.destroy()
  })
  const response = await ask(base)
  // It was sent: the API may have acted on it.
  expect(await response.clone().json()).not.toHaveProperty('sent')
  expect(await errorOf(response)).toBe('502 UPSTREAM_UNREACHABLE')
  expect(requests).toBe(1)
})

test('decompresses a response and drops its Content-Encoding', async () => {
  const base = await serve((_, response) => {
    response.writeHead(500, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    response.end(gzipSync('"packed"'))
  })
  const response = await ask(base)
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(await response.text()).toBe('"packed"')
})

describe('an upstream', () => {
  test('that hangs', async () => {
    const base = await serve(() => undefined)
    expect(await errorOf(await ask(base, 50))).toBe('504 UPSTREAM_TIMEOUT')
  })

  test('that hangs in the middle of the response', async () => {
    const base = await serve((_, response) => {
      response.write('{"status":')
    })
    expect(await errorOf(await ask(base, 50))).toBe('504 UPSTREAM_TIMEOUT')
  })

  test('that is cut off', async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"status":', () => response.destroy())
    })
    expect(await errorOf(await ask(base))).toBe('502 UPSTREAM_UNREACHABLE')
  })

  test('that is not there', async () => {
    const base = await serve(() => undefined)
    await new Promise((resolve) => servers.pop()?.close(resolve))
    const response = await ask(base)
    expect(await response.clone().json()).toMatchObject({ sent: false })
    expect(await errorOf(response)).toBe('502 UPSTREAM_UNREACHABLE')
  })

  test('that sends a zip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const base = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(bomb)
    })
    expect(await errorOf(await ask(base))).toBe('502 UPSTREAM_UNUSABLE')
  })

  test('that redirects does not get the key forwarded', async () => {
    let elsewhere = 0
    const target = await serve((_, response) => {
      elsewhere += 1
      response.end('{}')
    })
    const base = await serve((_, response) => {
      response.writeHead(307, { location: `${target}/get-task-status` }).end()
    })
    expect(await errorOf(await ask(base))).toBe('502 UPSTREAM_UNUSABLE')
    expect(elsewhere).toBe(0)
  })
})
