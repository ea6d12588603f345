import { once } from 'node:events'
import { type RequestListener, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createHttpServer, guarded, limitConnections, listen, withVariable } from './http-server.ts'

async function start(listener?: RequestListener) {
  const server = createHttpServer()
  if (listener !== undefined) server.on('request', listener)
  const listening = await listen(server, { host: '127.0.0.1', port: 0 }, withVariable('npm start'))
  if (!listening.ok) throw new Error(listening.error)
  onTestFinished(() => listening.value.close(0))
  const { url } = listening.value
  return { server, url, socket: () => connect(Number(new URL(url).port), '127.0.0.1') }
}

/** Everything received until the connection ends. */
async function answerTo(socket: Socket, ...sent: string[]): Promise<string> {
  for (const part of sent) socket.write(part)
  return text(socket)
}

const refusal = (status: string, sentence: string) =>
  new RegExp(`^HTTP/1\\.1 ${status}\r\n[^]*\r\nConnection: close\r\n\r\n${sentence}\n$`)

test('a URL with ten thousand non-ASCII letters arrives', async () => {
  const { server, url } = await start()
  server.on('request', (incoming, response) => response.end(String(incoming.url?.length)))
  const path = `/tasks/${encodeURIComponent('я'.repeat(10_000))}`
  const length = await new Promise((resolve, reject) => {
    request(url + path, (response) => resolve(text(response)))
      .on('error', reject)
      .end()
  })
  expect(length).toBe('60007')
})

test('a URL of a megabyte is rejected with a sentence, and the connection ends', async () => {
  const { socket } = await start()
  const response = await answerTo(socket(), `GET /${'a'.repeat(1_000_000)}`)
  expect(response).toMatch(refusal('431 Request Header Fields Too Large', '.* at most 128 KiB\\.'))
})

test('input that is not HTTP is rejected with a sentence', async () => {
  const { socket } = await start()
  const response = await answerTo(socket(), 'EHLO mail.test\r\n\r\n')
  expect(response).toMatch(refusal('400 Bad Request', 'This is not an HTTP request\\.'))
})

test('so is a request that does not arrive in time', async () => {
  const { server, socket } = await start()
  const accepted = once(server, 'connection')
  const client = socket()
  const error = Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  server.emit('clientError', error, (await accepted)[0])
  expect(await text(client)).toMatch(refusal('408 Request Timeout', '.* in time\\.'))
})

test('a body has half a minute to arrive, and a form as long as it makes progress', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const { server, socket } = await start()
  const answers = ['application/json', 'multipart/form-data; boundary=b'].map(async (type) => {
    const client = socket()
    const requested = once(server, 'request')
    client.write(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: 9\r\n\r\nhalf`,
    )
    await requested
    return client
  })
  const [plain, form] = await Promise.all(answers)
  if (plain === undefined || form === undefined) throw new Error('no clients')
  let received = ''
  form.on('data', (more) => {
    received += more
  })
  vi.advanceTimersByTime(29_999)
  expect(plain.readableEnded).toBe(false)
  vi.advanceTimersByTime(1)
  expect(await text(plain)).toMatch(refusal('408 Request Timeout', '.* in time\\.'))
  expect(received).toBe('')
  form.destroy()
})

test('a response in progress is not mixed with a rejection', async () => {
  const { server, socket } = await start()
  server.on('request', (_, response) => {
    response.writeHead(200, { 'content-length': '9' }).write('half')
  })
  const client = socket()
  client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
  const [half] = await once(client, 'data')
  expect(String(half)).toMatch(/^HTTP\/1\.1 200 OK/)
  client.on('error', () => undefined)
  const ended = once(client, 'close')
  let rest = ''
  client.on('data', (more) => {
    rest += more
  })
  client.write('no length\r\n')
  await ended
  expect(half + rest).not.toContain('400')
})

/** Responds with the request's X-Secret values. */
async function startGuarded() {
  const { socket } = await start(
    guarded((request, response) => {
      response.end(`passed ${request.headersDistinct['x-secret'] ?? ''}`)
    }),
  )
  return (lines: readonly string[], body = '') => {
    const head = ['POST / HTTP/1.1', 'Host: a', 'Connection: close', ...lines]
    return answerTo(socket(), `${head.join('\r\n')}\r\n\r\n${body}`)
  }
}

const many = (count: number) => Array.from({ length: count }, (_, n) => `X-${n}: ${n}`)

test('a hundred headers pass, and none is lost', async () => {
  const ask = await startGuarded()
  expect(await ask([...many(97), 'X-Secret: last'])).toMatch(/^HTTP\/1\.1 200 .*passed last/s)
})

test.each([98, 1999, 3000])('none of more than a hundred is overlooked: %i', async (count) => {
  const ask = await startGuarded()
  const response = await ask([...many(count), 'X-Secret: last'])
  expect(response).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
  expect(response).toMatch(/\r\nConnection: close\r\n.*may have at most 100 headers\.\n/s)
  expect(response).not.toContain('passed')
})

test.each(['Host', 'Authorization', 'Content-Type', 'X-API-Key', 'Idempotency-Key'])(
  '%s is allowed once',
  async (name) => {
    const ask = await startGuarded()
    const response = await ask([
      ...(name === 'Host' ? [] : [`${name}: a`]),
      `${name.toLowerCase()}: b`,
    ])
    expect(response).toMatch(/^HTTP\/1\.1 400 /)
    expect(response).toContain(`may have the header ${name} only once.`)
  },
)

test('headers that may repeat pass', async () => {
  const ask = await startGuarded()
  const lines = ['Accept: a', 'Accept: b', 'X-Forwarded-For: 1.2.3.4', 'X-Forwarded-For: 1.2.3.5']
  expect(await ask(lines)).toContain('passed')
})

test.each(['xchunked', 'gzip, chunked', 'identity', ''])(
  'an unsupported transfer coding (%s): rejected',
  async (coding) => {
    const ask = await startGuarded()
    const response = await ask([`Transfer-Encoding: ${coding}`], '0\r\n\r\n')
    expect(response).toMatch(/^HTTP\/1\.1 400 /)
    expect(response).not.toContain('passed')
  },
)

test('chunked bodies are read', async () => {
  const ask = await startGuarded()
  expect(await ask(['Transfer-Encoding: Chunked'], '1\r\na\r\n0\r\n\r\n')).toContain('passed')
})

/** Rejected by Node itself; tested to notice a change. */
test.each([
  ['two lengths', ['Content-Length: 1', 'Content-Length: 1'], 'a'],
  ['a list of lengths', ['Content-Length: 1, 1'], 'a'],
  ['a length and chunks', ['Content-Length: 1', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
  ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 1'], '0\r\n\r\n'],
  ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
  ['chunks, then not', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
  ['a space before the colon', ['Content-Length : 1'], 'a'],
  ['a folded line', ['X-A: a', ' b'], ''],
  ['a bare line feed', ['X-A: a\nX-API-Key: b'], ''],
  ['a bare carriage return', ['X-A: a\rX-API-Key: b'], ''],
  ['a null', ['X-A: a\0b'], ''],
])('%s: rejected', async (_, lines, body) => {
  const ask = await startGuarded()
  const response = await ask(lines, body)
  expect(response).toMatch(/^HTTP\/1\.1 400 /)
  expect(response).not.toContain('passed')
})

test('a duplicated header is found at any position and in any case', async () => {
  const ask = await startGuarded()
  const spelled = fc
    .array(fc.boolean(), { minLength: 9, maxLength: 9 })
    .map((upper) => [...'x-api-key'].map((it, n) => (upper[n] ? it.toUpperCase() : it)).join(''))
  await fc.assert(
    fc.asyncProperty(spelled, spelled, fc.nat(20), fc.nat(20), async (one, other, a, b) => {
      const lines = many(20)
      lines.splice(a, 0, `${one}: a`)
      lines.splice(b, 0, `${other}: a`)
      expect(await ask(lines)).toMatch(/^HTTP\/1\.1 400 /)
    }),
    { numRuns: 50 },
  )
})

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

async function startLimited(addressOf: () => string | null) {
  const { server, socket: open } = await start((_, response) => void response.end('hello'))
  limitConnections(server, 2, addressOf)

  /** The outcome of a connection: a response, or its end. */
  return async (): Promise<{ socket: Socket; got: 'answer' | 'end' }> => {
    const socket = open().on('error', () => undefined)
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

test('an address has a limited number of connections, independent of others', async () => {
  let address = 'a'
  const open = await startLimited(() => address)
  const first = await open()
  expect([first.got, (await open()).got, (await open()).got]).toEqual(['answer', 'answer', 'end'])
  address = 'b'
  expect((await open()).got).toBe('answer')
  address = 'a'
  first.socket.destroy()
  // The server notices it a little later.
  await vi.waitFor(async () => expect((await open()).got).toBe('answer'), 50_000)
})

test('some are not counted', async () => {
  const open = await startLimited(() => null)
  for (let n = 0; n < 5; n++) expect((await open()).got).toBe('answer')
})
