import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  http,
  pour,
  type RawUpstream,
  rawUpstream,
  type Script,
} from '../../test/raw-tcp-server.ts'
import { createApp } from '../app.ts'
import type { LogRecord } from '../http/log.ts'
import { fetchUpstream, remoteUpstream } from './upstream.ts'

/*
 * An API, or a proxy in front of it, that breaks HTTP in every possible way. In each case every client gets
 * the right error, nobody gets another client's response, and all is well once the fault is over.
 */

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const KEYS = ['first-key-1234567890', 'other-key-0987654321'] as const
const ORIGIN = 'http://127.0.0.1'
const MIB = 1024 * 1024
const PATIENT = 40_000

const task = (of: string) =>
  JSON.stringify({ status: 'success', data: { status: 'ENHANCING', progress: '10', error: of } })

/** The requested task. */
const good: Script = (socket, request) => socket.write(http(task(idIn(request))))

const idIn = (request: string): string => /"taskId":"([^"]*)"/.exec(request)?.[1] ?? ''

function stage(upstream: RawUpstream, timeoutMs: number) {
  const logged: LogRecord[] = []
  const app = createApp({
    upstream: remoteUpstream(upstream.url),
    timeoutMs,
    sandbox: false,
    names: { host: '127.0.0.1', origin: null },
    log: (record) => logged.push(record),
  })
  let asked = 0
  const sendStatusRequest = async (key: string) => {
    const taskId = `task-${++asked}`
    const response = await app.request(`${ORIGIN}/api/get-task-status`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ data: { taskId } }),
    })
    const { status, headers } = response
    return { taskId, status, headers: [...headers], text: await response.text() }
  }
  return {
    logged,
    /** Two concurrent requests, each with a separate key and task. */
    both: () => Promise.all(KEYS.map(sendStatusRequest)),
  }
}

let unhandled: unknown[] = []
beforeEach(() => {
  unhandled = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => {
    process.off('unhandledRejection', note)
  })
})

/** Two concurrent requests meet the fault and report it; the next two pairs get their own responses. */
async function expectFault(script: Script, expected: string, timeoutMs = PATIENT): Promise<void> {
  const upstream = await rawUpstream(script)
  const { both, logged } = stage(upstream, timeoutMs)
  const answers = await both()
  for (const { status, text } of answers) {
    const { error, message } = JSON.parse(text)
    expect(`${status} ${error}`).toBe(expected)
    expect(message).toMatch(/\.$/)
  }
  // Nothing is left running, and nothing was sent twice.
  await vi.waitFor(() => expect(upstream.open.size).toBe(0), 50_000)
  // On a slow machine a short timeout may pass before the request was sent.
  if (timeoutMs === PATIENT) expect(upstream.requests).toHaveLength(2)
  else expect(upstream.requests.length).toBeLessThanOrEqual(2)
  expect(logged).toHaveLength(2)

  upstream.answerBy(good)
  const patient = timeoutMs === PATIENT ? both : stage(upstream, PATIENT).both
  for (const { taskId, status, text } of [...(await patient()), ...(await patient())]) {
    expect([status, text]).toEqual([200, task(taskId)])
  }
  const output = JSON.stringify([answers, logged])
  for (const key of KEYS) expect(output).not.toContain(key)
  await new Promise(setImmediate)
  expect(unhandled).toEqual([])
}

const endless = (head: string, chunk: string | Buffer): Script => {
  return (socket) => {
    socket.write(head)
    pour(socket, chunk)
  }
}

const once =
  (text: string | Buffer): Script =>
  (socket) =>
    socket.write(text)
const last =
  (text: string | Buffer): Script =>
  (socket) =>
    socket.end(text)

/** A complete response with a compressed body. */
const packed = (body: Buffer, headers = GZIP): Buffer =>
  Buffer.concat([Buffer.from(http('', [`Content-Length: ${body.length}`, ...headers])), body])

const damaged = (bytes: Buffer): Buffer => bytes.fill(0xff, 20, 60)

const CHUNKED = ['Transfer-Encoding: chunked']
const GZIP = ['Content-Encoding: gzip']
const LONG = 'x'.repeat(64 * 1024)
const CHUNK_OF_64_KIB = `10000\r\n${LONG}\r\n`

describe('502, the response broke off', () => {
  const faults: Record<string, Script> = {
    'reset before the response': (socket) => socket.resetAndDestroy(),
    'closed before the response': (socket) => socket.end(),
    'reset in the body': (socket) =>
      socket.write(http('{"status":', ['Content-Length: 5000']), () => socket.resetAndDestroy()),
    'closed in the headers': last('HTTP/1.1 200 OK\r\nContent-Type: appl'),
    'closed before the announced length': last(http('{"status":', ['Content-Length: 5000'])),
    'closed before the last chunk': last(http('5\r\n{"sta\r\n', CHUNKED)),
    'headers of 1 MB': once(http('{}', [`X-Long: ${'a'.repeat(MIB)}`])),
    'ten thousand headers': once(
      http(
        '{}',
        Array.from({ length: 10_000 }, (_, n) => `X-${n}: a`),
      ),
    ),
    'endless headers': endless('HTTP/1.1 200 OK\r\n', 'X-More: and more\r\n'.repeat(100)),
    'two lengths': once(http('{"a":1}', ['Content-Length: 7', 'Content-Length: 2'])),
    'a length and chunks': once(http('2\r\n{}\r\n0\r\n\r\n', ['Content-Length: 2', ...CHUNKED])),
    'a length that is not a number': once(http('{}', ['Content-Length: two'])),
    'a negative length': once(http('{}', ['Content-Length: -2'])),
    'a length beyond all integers': once(http('{}', [`Content-Length: ${'9'.repeat(30)}`])),
    'a chunk without a length': once(http('zz\r\n{}\r\n0\r\n\r\n', CHUNKED)),
    'a chunk longer than announced': once(http('2\r\n{"a":1}\r\n0\r\n\r\n', CHUNKED)),
    'a chunk with an overflowing length': once(http(`${'f'.repeat(17)}\r\n{}`, CHUNKED)),
    'HTTP/0.9': last('<h1>It works!</h1>'),
    'another protocol': once('SSH-2.0-OpenSSH_9.6\r\n'),
    'random bytes': once(
      Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * n * 31 + n) % 251)),
    ),
    'a status that is not a number': once('HTTP/1.1 abc OK\r\n\r\n'),
    'a line break in a header': once(http('{}', ['X-A: a\n b: c\r d'])),
    'a switch to another protocol': once(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    ),
    'an unexpected 100': once('HTTP/1.1 100 Continue\r\n\r\n'),
    'invalid gzip': last(http('{"status":"success"}', GZIP)),
    'damaged gzip': last(packed(damaged(gzipSync(task('a').repeat(50))))),
    'compressed a thousand times': last(
      packed(gzipSync('{}'), [`Content-Encoding: ${Array(1000).fill('gzip').join(', ')}`]),
    ),
  }
  test.each(Object.entries(faults))('%s', async (_, script) => {
    await expectFault(script, '502 UPSTREAM_UNREACHABLE')
  })
})

describe('504, no response in time', () => {
  const trickle = (head: string, byte: string): Script => {
    return (socket) => {
      socket.write(head)
      const timer = setInterval(() => socket.write(byte), 1)
      socket.on('close', () => clearInterval(timer))
    }
  }
  const faults: Record<string, Script> = {
    silence: () => undefined,
    'silence after the headers': once(http('', ['Content-Length: 5000'])),
    'silence in a chunk': once(http('ff\r\n{"sta', CHUNKED)),
    'headers byte by byte': trickle('HTTP/1.1 200 OK\r\nX-Slow: ', 'a'),
    'a body byte by byte': trickle(http('', ['Content-Length: 1000000']), ' '),
    'chunks byte by byte': trickle(http('', CHUNKED), '1\r\n \r\n'),
    'an endless status line': endless('HTTP/1.1 200 ', LONG),
    'a flood of 103': endless('', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(100)),
    'an endless chunk extension': endless(http('1;a=', CHUNKED), LONG),
  }
  test.each(Object.entries(faults))('%s', async (_, script) => {
    await expectFault(script, '504 UPSTREAM_TIMEOUT', 250)
  })
})

test('an abandoned request is aborted, even after garbage collection', async () => {
  const upstream = await rawUpstream(() => undefined)
  let giveUp = (): void => undefined
  const deadline = (end: () => void) => {
    giveUp = end
    return () => undefined
  }
  const asked = fetchUpstream(
    remoteUpstream(upstream.url),
    {
      requestId: null,
      url: new URL(`${ORIGIN}/get-task-status`),
      method: 'POST',
      headers: new Headers(),
      body: new TextEncoder().encode('{}'),
    },
    { timeoutMs: deadline, maxBytes: MIB },
  )
  await vi.waitFor(() => expect(upstream.open.size).toBe(1), 50_000)
  for (let n = 0; n < 3; n++) {
    collectGarbage()
    // Weak references last until the end of a turn.
    await new Promise(setImmediate)
  }
  giveUp()
  expect(await asked).toEqual({ ok: false, error: { kind: 'timeout' } })
  await vi.waitFor(() => expect(upstream.open.size).toBe(0), 50_000)
})

describe('502, the response is endless', () => {
  /** What both sides may have buffered beyond what was read. */
  const FAR_BELOW = 64 * MIB
  const bomb = gzipSync(Buffer.alloc(16 * MIB))
  const faults: Record<string, Script> = {
    'a body of 10 GB': endless(http('', ['Content-Length: 10737418240']), LONG),
    'a body without a length': endless('HTTP/1.1 200 OK\r\n\r\n', LONG),
    chunks: endless(http('', CHUNKED), CHUNK_OF_64_KIB),
    'gzip of zeros': endless('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n', bomb),
  }
  test.each(Object.entries(faults))('%s', async (_, script) => {
    let written = () => 0
    await expectFault((socket, request) => {
      const before = written
      written = () => Math.max(before(), socket.bytesWritten)
      script(socket, request)
    }, '502 UPSTREAM_UNUSABLE')
    expect(written()).toBeGreaterThan(0)
    expect(written()).toBeLessThan(FAR_BELOW)
  })
})

describe('an unsolicited response', () => {
  const STRAY = http(task('of somebody else'))

  test.each<[string, Script]>([
    [
      'at once',
      (socket, request) => {
        socket.write(http(task(idIn(request))) + STRAY)
      },
    ],
    [
      'a little later',
      (socket, request) => {
        good(socket, request)
        setImmediate(() => socket.write(STRAY))
      },
    ],
    [
      'without a start, after too short a length',
      (socket, request) => {
        const text = task(idIn(request))
        socket.write(http(`${text}${task('of somebody else')}`, [`Content-Length: ${text.length}`]))
      },
    ],
  ])('is given to nobody: %s', async (_, script) => {
    const upstream = await rawUpstream(script)
    const { both } = stage(upstream, PATIENT)
    for (let n = 0; n < 5; n++) {
      for (const { taskId, status, text } of await both()) {
        expect([status, text]).toEqual([200, task(taskId)])
      }
      // Until the stray response arrived and its connection is closed.
      await vi.waitFor(() => expect(upstream.open.size).toBe(0), 50_000)
    }
    expect(unhandled).toEqual([])
  })
})
