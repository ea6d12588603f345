import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import { err, ok, type Result } from '../src/lib/result.ts'
import { HOUR, MINUTE } from '../src/lib/units.ts'

export interface Listening {
  /** The address to open in a browser, without a trailing slash. */
  readonly url: string
  /** Takes no new requests and lets those under way finish, for `graceMs` at most. */
  close(graceMs: number): Promise<void>
}

export interface Address {
  readonly host: string
  readonly port: number
}

const SWEEP_MS = 50

/** How often is looked for clients that are too slow; node's own 30 s would triple what they have. */
const CHECK_MS = 1000

/** Each takes some memory, and a file descriptor of which a process may have 1,024 on some systems. */
const MOST_CONNECTIONS = 2000

/** Nothing comes or goes any more, such as an answer that nobody takes. Above the longest wait for an API. */
const STILL_MS = 11 * MINUTE

/** Eight times node's own limit, so that an address pasted with far too much still gets the page that says so. */
const MAX_HEADER_BYTES = 128 * 1024

/** How long a whole request may take; LONGEST_UPLOAD_MS if it is a form: 100 MiB by 30 KiB a second. */
const REQUEST_MS = 30_000
const LONGEST_UPLOAD_MS = HOUR

/** How long a client that was refused may take to read why. */
const REFUSAL_MS = 1000

/** A plain server that is not listening yet. What is no HTTP request gets a sentence. */
export function createHttpServer(checkMs = CHECK_MS): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    connectionsCheckingInterval: checkMs,
  })
  // By itself node drops the headers above 2,000, whatever they say. They are counted by `guarded`.
  server.maxHeadersCount = 0
  server.maxConnections = MOST_CONNECTIONS
  const answering = new WeakMap<Duplex, ServerResponse>()
  server.on('request', ({ socket }, response) => answering.set(socket, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Of a client that was refused already, more may still come in.
    if (socket.writableEnded) return
    const answer = answering.get(socket)
    const halfAnswered = answer?.headersSent === true && !answer.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || halfAnswered) socket.destroy(error)
    else refuse(socket, error.code)
  })
  return server
}

function refuse(socket: Duplex, code: string | undefined): void {
  const [status, sentence] = REFUSALS[code ?? ''] ?? BAD_REQUEST
  const body = `${sentence}\n`
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
  ]
  // Destroyed at once, the connection would be reset, and the sentence lost with what is unread.
  const timer = setTimeout(() => socket.destroy(), REFUSAL_MS)
  socket.once('close', () => clearTimeout(timer))
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

type Refusal = readonly [status: string, sentence: string]

const BAD_REQUEST: Refusal = ['400 Bad Request', 'This is not an HTTP request.']
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'The address and the headers of a request may have at most 128 KiB.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
}

/** Starts `server`. The error is a sentence for the terminal: what is wrong and the way out. */
export function listen(
  server: Server,
  address: Address,
  command: string,
): Promise<Result<Listening, string>> {
  // A client has this long to send its headers, and its whole request.
  server.headersTimeout = 10_000
  server.requestTimeout = LONGEST_UPLOAD_MS
  server.timeout = STILL_MS
  server.on('request', (request: IncomingMessage) => limitTime(server, request))
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(err(explain(error, address, command)))
    })
    server.listen(address.port, address.host, () => {
      const bound = server.address()
      const port = typeof bound === 'object' && bound !== null ? bound.port : address.port
      resolve(
        ok({ url: urlOf({ ...address, port }), close: (graceMs) => closeServer(server, graceMs) }),
      )
    })
  })
}

/** A form may hold a file, and takes as long as it takes: whoever reads it looks that it goes on. */
function limitTime(server: Server, request: IncomingMessage): void {
  if (/^multipart\//i.test(request.headers['content-type'] ?? '')) return
  const timer = setTimeout(() => {
    if (!request.complete) server.emit('clientError', TOO_LATE, request.socket)
  }, REQUEST_MS)
  request.once('close', () => clearTimeout(timer))
}

const TOO_LATE = Object.assign(new Error('too late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that falls idle later would keep the server open until its keep-alive ends.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    const bound = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(bound)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function urlOf({ host, port }: Address): string {
  // The wildcard addresses are for listening; a browser cannot open them everywhere.
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host
  return `http://${name}:${port}`
}

function explain(error: NodeJS.ErrnoException, { host, port }: Address, command: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken. End the program that uses it, or choose another port: PORT=${otherPort(port)} ${command}`
    case 'EACCES':
      return `Port ${port} on ${host} needs more rights than this user has. Choose one above 1023: PORT=4180 ${command}`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${host} is not an address of this machine. On this machine alone: HOST=127.0.0.1 ${command}`
    default:
      return `The server could not listen on ${host}, port ${port} (${error.code ?? error.message}).`
  }
}

const otherPort = (port: number): number => (port + 7 <= 65_535 ? port + 7 : 4180)
