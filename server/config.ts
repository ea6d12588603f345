import * as v from 'valibot'
import { err, ok, type Result } from '../src/lib/result.ts'
import { type Network, readNetwork } from './client-address.ts'

/** Where status questions are answered. */
export type UpstreamConfig =
  | {
      readonly kind: 'sandbox'
      /** How long its work takes: 1 is as usual, 0.05 a twentieth of that. */
      readonly pace: number
    }
  | {
      readonly kind: 'remote'
      /** http(s), perhaps with a path, never with a trailing slash, a query or credentials. */
      readonly baseUrl: string
    }

export interface Config {
  readonly host: string
  /** 0 asks the system for any free port. */
  readonly port: number
  /** Where browsers find this server, when that is neither `host` nor this machine: behind a proxy, say. */
  readonly origin: string | null
  readonly upstream: UpstreamConfig
  /** Where the sandbox keeps its data, and where links that were given are noted. */
  readonly dataDir: string
  /** What live links are encrypted with: the first makes them, all of them open them. Empty: one is generated. */
  readonly shareSecrets: readonly string[]
  /** How long one question may take in all, in milliseconds. */
  readonly upstreamTimeoutMs: number
  /** Questions in an hour for each key, counted by this server; null: it counts none, and joins none. */
  readonly hourlyQuestions: number | null
  /** What one address may ask under /api; null is without a limit. */
  readonly requestsPerMinute: number | null
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly Network[]
  /** What is logged: only what fails, or each request under /api as well. */
  readonly log: 'faults' | 'requests'
}

export interface Defaults {
  readonly port: number
}

const MAX_PORT = 65_535
const MAX_TIMEOUT_S = 600
const MS_PER_S = 1000
const MAX_PACE = 100
const MOST_REQUESTS = 1_000_000
const MOST_QUESTIONS = 100_000
/** In characters. It stands in for randomness of 128 bits and more, however it is written. */
export const SHORTEST_SHARE_SECRET = 32

const decimal = v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/), v.transform(Number), v.finite())

/** Names and IP addresses; a scheme, a port or a path in it is a slip that listen() explains badly. */
const host = v.union([
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/)),
  v.pipe(v.string(), v.ipv6()),
])
const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/),
  v.transform(Number),
  v.minValue(0),
  v.maxValue(MAX_PORT),
)
const path = v.pipe(v.string(), v.excludes('\0'))
const secrets = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((secret) => secret.trim())),
  v.array(v.pipe(v.string(), v.minLength(SHORTEST_SHARE_SECRET))),
)
const seconds = v.pipe(decimal, v.minValue(0.001), v.maxValue(MAX_TIMEOUT_S))
const pace = v.pipe(decimal, v.maxValue(MAX_PACE))
/** A whole number, or `none` for no limit. */
const limitUpTo = (most: number) =>
  v.union([
    v.pipe(
      v.literal('none'),
      v.transform(() => null),
    ),
    v.pipe(v.string(), v.regex(/^\d{1,7}$/), v.transform(Number), v.minValue(1), v.maxValue(most)),
  ])
const networks = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((network) => readNetwork(network.trim()))),
  v.array(v.custom<Network>((network) => network !== null)),
)
const httpUrl = v.pipe(
  v.string(),
  v.regex(/^https?:\/\//i),
  v.check((text) => URL.canParse(text)),
  v.transform((text) => new URL(text)),
)
const origin = v.pipe(
  httpUrl,
  v.check((url) => url.href === `${url.origin}/`),
  v.transform((url) => url.origin),
)
const baseUrl = v.pipe(
  httpUrl,
  v.check((url) => url.username === '' && url.password === ''),
  // `href`, because `search` and `hash` are '' for a lone '?' or '#'.
  v.check((url) => !/[?#]/.test(url.href)),
  v.transform((url) => url.href.replace(/\/+$/, '')),
)

/**
 * Reads every setting of the server. An empty variable counts as unset.
 * The error holds one sentence for each setting that cannot be used.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  defaults: Defaults = { port: 4173 },
): Result<Config, string[]> {
  const problems: string[] = []

  /** `secret` keeps the value out of the sentence. */
  const read = <T, F>(
    name: string,
    schema: v.GenericSchema<string, T>,
    fallback: F,
    allowed: string,
    secret = false,
  ): T | F => {
    const text = env[name]?.trim() ?? ''
    if (text === '') return fallback
    const parsed = v.safeParse(schema, text)
    if (parsed.success) return parsed.output
    problems.push(`${name} must be ${allowed}${secret ? '' : `, not ${quoted(text)}`}.`)
    return fallback
  }

  const url = read(
    'UPSCAYL_API_URL',
    baseUrl,
    null,
    'an http or https address without credentials, query or fragment, such as https://api.upscayl.org (unset means the sandbox)',
    true,
  )
  const sandboxPace = read(
    'LOUPE_SANDBOX_PACE',
    pace,
    1,
    `a number from 0 to ${MAX_PACE} (1 is as delivered, 0.05 twenty times faster)`,
  )
  const config: Config = {
    host: read(
      'HOST',
      host,
      '127.0.0.1',
      'a host name or an IP address, without http:// and without a port',
    ),
    port: read(
      'PORT',
      port,
      defaults.port,
      `a whole number from 0 to ${MAX_PORT} (0 picks any free port)`,
    ),
    origin: read(
      'LOUPE_ORIGIN',
      origin,
      null,
      'the http or https address of this server in a browser, without credentials or a path, such as https://loupe.example.org',
      true,
    ),
    upstream:
      url === null ? { kind: 'sandbox', pace: sandboxPace } : { kind: 'remote', baseUrl: url },
    dataDir: read('LOUPE_DATA_DIR', path, '.loupe', 'the path of a folder'),
    shareSecrets: read(
      'SHARE_SECRET',
      secrets,
      [],
      `at least ${SHORTEST_SHARE_SECRET} random characters, such as openssl rand -base64 48 prints (several, for a change of them, with commas between; the first makes new links)`,
      true,
    ),
    upstreamTimeoutMs: Math.ceil(
      MS_PER_S *
        read(
          'LOUPE_UPSTREAM_TIMEOUT',
          seconds,
          15,
          `a number of seconds above 0, at most ${MAX_TIMEOUT_S}`,
        ),
    ),
    hourlyQuestions: read(
      'LOUPE_HOURLY_QUESTIONS',
      limitUpTo(MOST_QUESTIONS),
      100,
      `a whole number from 1 to ${MOST_QUESTIONS}, or none (each question is passed on, and whoever asks counts)`,
    ),
    requestsPerMinute: read(
      'LOUPE_REQUESTS_PER_MINUTE',
      limitUpTo(MOST_REQUESTS),
      600,
      `a whole number from 1 to ${MOST_REQUESTS}, or none for no limit`,
    ),
    trustedProxies: read(
      'LOUPE_TRUSTED_PROXIES',
      networks,
      [],
      'the addresses of your own proxies, single ones or blocks such as 10.0.0.0/8, with commas between',
    ),
    log: read('LOUPE_LOG', v.picklist(['faults', 'requests']), 'faults', 'faults or requests'),
  }
  return problems.length === 0 ? ok(config) : err(problems)
}

const quoted = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
