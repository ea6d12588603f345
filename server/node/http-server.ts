import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { HOUR, MINUTE } from '../../core/lib/units.ts'

/* Node's HTTP server as Loupe runs it: limits, rejections and startup. */

const SWEEP_MS = 50

/** Interval of the check for slow clients; Node's default of 30 s would triple their time. */
const CHECK_MS = 1000

/** Each takes memory and a file descriptor, which some systems limit to 1,024 per process. */
const MAX_CONNECTIONS = 2000

/** Idle timeout of a connection, such as a response nobody reads. Above the longest wait for an API. */
const STILL_MS = 11 * MINUTE

/** Eight times Node's default, so that a far too long pasted URL still gets the page that explains it. */
const MAX_HEADER_BYTES = 128 * 1024

/** Time limit of a whole request; MAX_UPLOAD_MS for a form: 100 MiB at 30 KiB/s. */
const REQUEST_MS = 30_000
const MAX_UPLOAD_MS = HOUR

/** Time for a rejected client to read the reason. */
const REFUSAL_MS = 1000

/** Chrome sends about 20; proxies add a few. */
const MAX_HEADERS = 100

/**
 * Headers that decide what is done, and for whom. Of duplicates, one server uses the first, another the
 * last or both, so a proxy may have checked another value than the one used here.
 */
const ONCE = ['Host', 'Authorization', 'Content-Type', 'X-API-Key', 'Idempotency-Key']

const REFUSAL_HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  Connection: 'close',
}

/** A server that isn't listening yet. Invalid HTTP requests get an error message. */
export function createHttpServer(checkMs = CHECK_MS): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    connectionsCheckingInterval: checkMs,
    headersTimeout: 10_000,
    requestTimeout: MAX_UPLOAD_MS,
  })
  // By default Node silently drops headers above 2,000. `guarded` counts them.
  server.maxHeadersCount = 0
  server.maxConnections = MAX_CONNECTIONS
  server.timeout = STILL_MS
  const answering = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request, response) => {
    answering.set(request.socket, response)
    limitTime(server, request)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A rejected client may still be sending.
    if (socket.writableEnded) return
    const openResponse = answering.get(socket)
    const halfAnswered = openResponse?.headersSent === true && !openResponse.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || halfAnswered) socket.destroy(error)
    else refuse(socket, error.code)
  })
  return server
}

/** Forms and parts are exempt, since they may contain a file: their reader has an idle timeout. */
function limitTime(server: Server, request: IncomingMessage): void {
  if (request.method === 'PUT' || /^multipart\//i.test(request.headers['content-type'] ?? ''))
    return
  const timer = setTimeout(() => {
    if (!request.complete) server.emit('clientError', TOO_LATE, request.socket)
  }, REQUEST_MS)
  request.once('close', () => clearTimeout(timer))
}

const TOO_LATE = Object.assign(new Error('too late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })

function refuse(socket: Duplex, code: string | undefined): void {
  const [status, sentence] = REFUSALS[code ?? ''] ?? BAD_REQUEST
  const body = `${sentence}\n`
  const headers = { 'Content-Length': Buffer.byteLength(body), ...REFUSAL_HEADERS }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  // Destroying the socket at once would reset the connection, and lose the unread message.
  const timer = setTimeout(() => socket.destroy(), REFUSAL_MS)
  socket.once('close', () => clearTimeout(timer))
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`)
}

type Refusal = readonly [status: string, sentence: string]

const BAD_REQUEST: Refusal = ['400 Bad Request', 'This is not an HTTP request.']
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'The URL and headers of a request may have at most 128 KiB.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
}

/**
 * Rejects requests with ambiguous headers. Node itself rejects a second Content-Length or
 * Transfer-Encoding, both together, folded lines and bare line feeds (llhttp, strict). But it rejects
 * an unknown Transfer-Encoding too late, after passing the request on.
 */
export const guarded =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    const sentence = headerError(request.rawHeaders)
    if (sentence === null) {
      listener(request, response)
      return
    }
    response.writeHead(sentence === TOO_MANY_HEADERS ? 431 : 400, REFUSAL_HEADERS)
    request.resume()
    response.end(`${sentence}\n`)
  }

const TOO_MANY_HEADERS = `A request may have at most ${MAX_HEADERS} headers.`

/** `rawHeaders`: names and values, alternating. */
function headerError(rawHeaders: readonly string[]): string | null {
  if (rawHeaders.length > 2 * MAX_HEADERS) return TOO_MANY_HEADERS
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
  const coding = rawHeaders[2 * names.indexOf('transfer-encoding') + 1]
  if (names.includes('transfer-encoding') && coding?.toLowerCase() !== 'chunked')
    return 'A request may have no Transfer-Encoding but chunked.'
  const isTwice = (name: string) => names.indexOf(name) !== names.lastIndexOf(name)
  const twice = ONCE.find((name) => isTwice(name.toLowerCase()))
  return twice === undefined ? null : `A request may have the header ${twice} only once.`
}

/**
 * Closes connections beyond `mostPerAddress` at once, so that no client can take all of them.
 * `addressOf`: the address a connection counts for; null: not counted.
 */
export function limitConnections(
  server: Server,
  mostPerAddress: number,
  addressOf: (remote: string | undefined) => string | null,
): void {
  const open = new Map<string, number>()
  const count = (address: string, change: 1 | -1): number => {
    const connections = (open.get(address) ?? 0) + change
    if (connections > 0) open.set(address, connections)
    else open.delete(address)
    return connections
  }
  server.on('connection', (socket) => {
    const address = addressOf(socket.remoteAddress)
    if (address === null) return
    socket.once('close', () => count(address, -1))
    if (count(address, 1) > mostPerAddress) socket.destroy()
  })
}

/** `env` holds the request's connection. */
type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>

/**
 * A listener that opens the port before the app exists: a second start on the same data fails at the
 * port, before it touches the data. Requests until then wait for `open`.
 */
export function lateApp() {
  const flights = new Set<Promise<unknown>>()
  let open: (fetch: Fetch) => void = () => undefined
  const opened = new Promise<Fetch>((resolve) => {
    open = resolve
  })
  const listener = getRequestListener(async (request, env) => {
    const flight = opened.then((fetch) => fetch(request, env as HttpBindings))
    flights.add(flight)
    return flight.finally(() => flights.delete(flight))
  })
  /** Resolves when every request so far has finished, even those whose browser disconnected. */
  const settled = () => Promise.allSettled(flights)
  return { listener, open, settled }
}

interface Address {
  readonly host: string
  readonly port: number
}

export interface Listening {
  /** The URL to open in a browser, without a trailing slash. */
  readonly url: string
  /** Accepts no new requests and lets those in progress finish, for at most `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** The command that starts the program with another setting, for errors that suggest one. */
export type CommandWith = (setting: 'port' | 'host', value: string | number) => string

/** `PORT=4180 npm run dev` */
export const withVariable =
  (command: string): CommandWith =>
  (setting, value) =>
    `${setting.toUpperCase()}=${value} ${command}`

/** `loupe --port 4180` */
export const withFlag =
  (command: string): CommandWith =>
  (setting, value) =>
    `${command} --${setting} ${value}`

/** Starts `server`. The error is a sentence to print: the problem and the fix. */
export function listen(
  server: Server,
  address: Address,
  commandWith: CommandWith,
): Promise<Result<Listening, string>> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(err(explain(error, address, commandWith))))
    server.listen(address.port, address.host, () => {
      const bound = server.address()
      const port = typeof bound === 'object' && bound !== null ? bound.port : address.port
      const close = (graceMs: number) => closeServer(server, graceMs)
      resolve(ok({ url: urlOf({ ...address, port }), close }))
    })
  })
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that becomes idle later would keep the server open until its keep-alive timeout.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    const bound = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(bound)
      resolve()
    })
  })
}

function urlOf({ host, port }: Address): string {
  // Wildcard addresses are for listening; not every browser can open them.
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host
  return `http://${name}:${port}`
}

function explain(
  error: NodeJS.ErrnoException,
  { host, port }: Address,
  commandWith: CommandWith,
): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken. End the program that uses it, or choose another port: ${commandWith('port', port + 7 <= 65_535 ? port + 7 : 4180)}`
    case 'EACCES':
      return `Port ${port} on ${host} needs more rights than this user has. Choose one above 1023: ${commandWith('port', 4180)}`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} isn't a name or IP address of this machine. For this machine only: ${commandWith('host', '127.0.0.1')}`
    default:
      return `The server couldn't listen on ${host}, port ${port} (${error.code ?? error.message}).`
  }
}
