import type { Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { err, ok, type Result } from '../src/lib/result.ts'

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

/** Starts `server`. The error is a sentence for the terminal: what is wrong and the way out. */
export function listen(
  server: Server,
  address: Address,
  command: string,
): Promise<Result<Listening, string>> {
  // A client has this long to send its headers, and its whole request.
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
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

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)

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
