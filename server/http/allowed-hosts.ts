import type { MiddlewareHandler } from 'hono'
import type { Config } from '../config.ts'
import { problem } from './problem.ts'

export const isLoopback = (host: string): boolean =>
  /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/i.test(host)

export type Names = Pick<Config, 'host' | 'origin'>

/**
 * Accepts only this server's own host names. Otherwise an attacker could point their name here (DNS
 * rebinding): the browser would treat their page as this origin, and it could read the sandbox's key.
 */
export function allowedHosts(names: Names): MiddlewareHandler {
  const isOurs = nameCheck(names)
  return async (c, next) =>
    isOurs(new URL(c.req.url)) ? next() : problem('MISDIRECTED', { 'Cache-Control': 'no-store' })
}

/** IP address as serialized in a URL: no other host may end in a number (URL Standard, host parsing). */
const ADDRESS = /^(?:\[.*\]|\d+(?:\.\d+){3})$/

/** Ignores the port of known names: with port forwarding the browser sees another one. */
function nameCheck({ host, origin }: Names): (url: URL) => boolean {
  const others = !isLoopback(host)
  const own = host.toLowerCase()
  const outside = origin === null ? null : new URL(origin)
  return (url) => {
    const name = url.hostname.replace(/^\[|\]$/g, '')
    return (
      isLoopback(name) ||
      name.endsWith('.localhost') ||
      name === own ||
      // An IP address can't be rebound, and a server that listens on all interfaces has several.
      (others && ADDRESS.test(url.hostname)) ||
      (outside !== null && outside.host === hostAs(outside.protocol, url))
    )
  }
}

/** A proxy may send the scheme's default port, and drops the scheme. */
const hostAs = (protocol: string, { host }: URL): string => new URL(`${protocol}//${host}`).host
