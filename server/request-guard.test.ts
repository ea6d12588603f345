import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { createHttpServer, listen } from './listen.ts'
import { guarded } from './request-guard.ts'

/** Answers with the values of X-Secret that it was asked with. */
async function start() {
  const server = createHttpServer().on(
    'request',
    guarded((request, response) => {
      response.end(`passed ${request.headersDistinct['x-secret'] ?? ''}`)
    }),
  )
  const listening = await listen(server, { host: '127.0.0.1', port: 0 }, 'npm start')
  if (!listening.ok) throw new Error(listening.error)
  onTestFinished(() => listening.value.close(0))
  const { port } = new URL(listening.value.url)
  return (lines: readonly string[], body = '') => {
    const socket = connect(Number(port), '127.0.0.1')
    const head = ['POST / HTTP/1.1', 'Host: a', 'Connection: close', ...lines]
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
    return text(socket)
  }
}

const many = (count: number) => Array.from({ length: count }, (_, n) => `X-${n}: ${n}`)

test('a hundred headers are let through, and none of them gets lost', async () => {
  const ask = await start()
  expect(await ask([...many(97), 'X-Secret: last'])).toMatch(/^HTTP\/1\.1 200 .*passed last/s)
})

test.each([98, 1999, 3000])('of more than a hundred none is overlooked: %i', async (count) => {
  const ask = await start()
  const answer = await ask([...many(count), 'X-Secret: last'])
  expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
  expect(answer).toMatch(/\r\nConnection: close\r\n.*may have at most 100 headers\.\n/s)
  expect(answer).not.toContain('passed')
})

test.each(['Host', 'Authorization', 'Content-Type', 'X-API-Key', 'Idempotency-Key'])(
  '%s may be there once',
  async (name) => {
    const ask = await start()
    const answer = await ask([
      ...(name === 'Host' ? [] : [`${name}: a`]),
      `${name.toLowerCase()}: b`,
    ])
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain(`may have the header ${name} only once.`)
  },
)

test('what may be there more often is let through', async () => {
  const ask = await start()
  const lines = ['Accept: a', 'Accept: b', 'X-Forwarded-For: 1.2.3.4', 'X-Forwarded-For: 1.2.3.5']
  expect(await ask(lines)).toContain('passed')
})

test.each(['xchunked', 'gzip, chunked', 'identity', ''])(
  'what is packed in a way that is not read here (%s): refused',
  async (coding) => {
    const ask = await start()
    const answer = await ask([`Transfer-Encoding: ${coding}`], '0\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).not.toContain('passed')
  },
)

test('chunks are read', async () => {
  const ask = await start()
  expect(await ask(['Transfer-Encoding: Chunked'], '1\r\na\r\n0\r\n\r\n')).toContain('passed')
})

/** By Node itself; here so that a change of it is seen. */
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
])('%s: refused', async (_, lines, body) => {
  const ask = await start()
  const answer = await ask(lines, body)
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).not.toContain('passed')
})

test('a header that may be there once is found twice wherever it stands, and however written', async () => {
  const ask = await start()
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
