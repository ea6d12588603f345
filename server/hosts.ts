import type { MiddlewareHandler } from 'hono'
import type { Config } from './config.ts'
import { problem } from './gateway/problem.ts'
import { isLoopback } from './loopback.ts'

/** Strangers may ask by any name. */
const MOST_VERDICTS = 100

export type Names = Pick<Config, 'host' | 'origin'>

/**
 * Answers only under names that are this server's. Whoever owns a name can point it here (DNS
 * rebinding): to the browser their page is then of this origin, and could read the sandbox's key.
 */
export function onlyOurNames(names: Names): MiddlewareHandler {
  const ours = nameCheck(names)
  /** By origin: nearly all requests have the same. */
  const verdicts = new Map<string, boolean>()
  return async (c, next) => {
    const { url } = c.req
    const origin = url.slice(0, url.indexOf('/', 'https://'.length))
    const verdict = verdicts.get(origin) ?? ours(new URL(url))
    if (verdicts.size < MOST_VERDICTS) verdicts.set(origin, verdict)
    if (verdict) return next()
    return problem('MISDIRECTED', { 'Cache-Control': 'no-store' })
  }
}

/** As a URL writes them: it takes no other name whose end is a number (URL Standard, host parsing). */
const ADDRESS = /^(?:\[.*\]|\d+(?:\.\d+){3})$/

/** Ports are not compared where a name is known: a forwarded port is another one in the browser. */
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
      // An address cannot be pointed elsewhere. Listening on all of them, this server has several.
      (others && ADDRESS.test(url.hostname)) ||
      (outside !== null && outside.host === hostAs(outside.protocol, url))
    )
  }
}

/** A proxy may name the port that its scheme has anyway, and takes the scheme off. */
const hostAs = (protocol: string, { host }: URL): string => new URL(`${protocol}//${host}`).host
