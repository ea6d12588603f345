import * as v from 'valibot'
import { err, ok, type Result } from '../core/lib/result.ts'
import { type Network, readNetwork } from './http/client-address.ts'
import { DEMO_NAMES, type DemoName } from './sandbox/demos.ts'

/** Where status requests go. */
export type UpstreamConfig =
  | {
      readonly kind: 'sandbox'
      /** Duration factor of its work: 1 is normal, 0.05 a twentieth of that. */
      readonly pace: number
      /** Tasks that a new sandbox contains. */
      readonly demos: readonly DemoName[]
      /** Whether it has `/get-upscayl-history`. */
      readonly history: boolean
    }
  | {
      readonly kind: 'remote'
      /** http(s), perhaps with a path, never with a trailing slash, a query or credentials. */
      readonly baseUrl: string
    }

export interface Config {
  readonly host: string
  /** 0 picks any free port. */
  readonly port: number
  /** URL of this server in browsers, if neither `host` nor this machine: behind a proxy, for example. */
  readonly origin: string | null
  readonly upstream: UpstreamConfig
  /** Folder for the sandbox's data and for the records of created links. */
  readonly dataDir: string
  /** Secrets that encrypt live links: the first encrypts, all of them decrypt. Empty: one is generated. */
  readonly shareSecrets: readonly string[]
  /** Total timeout of one upstream request, in milliseconds. */
  readonly upstreamTimeoutMs: number
  /** Status requests per key and hour, counted by this server; null: not counted, not joined. */
  readonly hourlyLimit: number | null
  /** Limit per client address under /api; null: no limit. */
  readonly requestsPerMinute: number | null
  /** Proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly Network[]
  /** Log level: only failures, or each request under /api as well. */
  readonly log: 'faults' | 'requests'
}

export interface ConfigOptions {
  /** The default port. */
  readonly port?: number
  /** The default data folder; null: there is none, so one must be given. */
  readonly dataDir?: string | null
  /** What errors call a variable whose value was given otherwise. */
  readonly nameOf?: (variable: string) => string
}

/** The API itself. */
export const UPSCAYL_CLOUD = 'https://api.upscayl.org'

const MAX_PORT = 65_535
const MAX_TIMEOUT_S = 600
const MS_PER_S = 1000
const MAX_PACE = 100
const MAX_REQUESTS = 1_000_000
const MAX_HOURLY_LIMIT = 100_000
/** In characters. Enough for at least 128 bits of randomness in any common encoding. */
export const MIN_SHARE_SECRET_LENGTH = 32

const decimal = v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/), v.transform(Number), v.finite())

/** Host name or IP address. Rejects a scheme, port or path, which listen() reports unclearly. */
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
/** `~/x` as well: no shell expands it in a variable of systemd, and bash not in `--data=~/x`. */
const pathFrom = (home: string) =>
  v.pipe(
    v.string(),
    v.excludes('\0'),
    v.transform((path) => (home === '' ? path : path.replace(/^~(?=$|[/\\])/, () => home))),
    v.check((path) => !/^~(?:$|[/\\])/.test(path)),
  )
/** Comma-separated. */
const texts = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((each) => each.trim())),
)
const secrets = v.pipe(texts, v.array(v.pipe(v.string(), v.minLength(MIN_SHARE_SECRET_LENGTH))))
const seconds = v.pipe(decimal, v.minValue(0.001), v.maxValue(MAX_TIMEOUT_S))
const pace = v.pipe(decimal, v.maxValue(MAX_PACE))
const demos = v.union([
  v.pipe(
    v.literal('none'),
    v.transform((): readonly DemoName[] => []),
  ),
  v.pipe(texts, v.array(v.picklist(DEMO_NAMES))),
])
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
  texts,
  v.transform((all) => all.map(readNetwork)),
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
 * The error holds one sentence for each invalid setting.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  { port: defaultPort = 4173, dataDir = '.loupe', nameOf = (it) => it }: ConfigOptions = {},
): Result<Config, string[]> {
  const problems: string[] = []

  /** `secret` keeps the value out of the error. */
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
    problems.push(`${nameOf(name)} must be ${allowed}${secret ? '' : `, not ${quoted(text)}`}.`)
    return fallback
  }

  const noDataDir = (): string => {
    problems.push(
      'This user has no home folder, so Loupe has no place for its data. Give it a folder by --data or LOUPE_DATA_DIR.',
    )
    return ''
  }

  const url = read(
    'UPSCAYL_API_URL',
    baseUrl,
    null,
    `an http or https URL without credentials, query or fragment, such as ${UPSCAYL_CLOUD} (unset: the sandbox)`,
    true,
  )
  const sandboxPace = read(
    'LOUPE_SANDBOX_PACE',
    pace,
    1,
    `a number from 0 to ${MAX_PACE} (default 1, and 0.05 is twenty times faster)`,
  )
  const sandboxDemos = read(
    'LOUPE_SANDBOX_DEMOS',
    demos,
    DEMO_NAMES,
    `none, or a comma-separated list of ${DEMO_NAMES.join(', ')}`,
  )
  const sandboxHistory = read(
    'LOUPE_SANDBOX_HISTORY',
    v.picklist(['on', 'off']),
    'off',
    'on or off (default off, like the API as documented today)',
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
      defaultPort,
      `a whole number from 0 to ${MAX_PORT} (0 picks any free port)`,
    ),
    origin: read(
      'LOUPE_ORIGIN',
      origin,
      null,
      'the http or https URL of this server in a browser, without credentials or a path, such as https://loupe.example.org',
      true,
    ),
    upstream:
      url === null
        ? {
            kind: 'sandbox',
            pace: sandboxPace,
            demos: sandboxDemos,
            history: sandboxHistory === 'on',
          }
        : { kind: 'remote', baseUrl: url },
    dataDir:
      read(
        'LOUPE_DATA_DIR',
        pathFrom(env.HOME || env.USERPROFILE || ''),
        dataDir,
        'the path of a folder (~ only if HOME is set)',
      ) ?? noDataDir(),
    shareSecrets: read(
      'SHARE_SECRET',
      secrets,
      [],
      `at least ${MIN_SHARE_SECRET_LENGTH} random characters, for example from openssl rand -base64 48 (to rotate secrets, give several, comma-separated: the first signs new links)`,
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
    hourlyLimit: read(
      'LOUPE_HOURLY_QUESTIONS',
      limitUpTo(MAX_HOURLY_LIMIT),
      100,
      `a whole number from 1 to ${MAX_HOURLY_LIMIT}, or none (each request is passed on, and clients count)`,
    ),
    requestsPerMinute: read(
      'LOUPE_REQUESTS_PER_MINUTE',
      limitUpTo(MAX_REQUESTS),
      600,
      `a whole number from 1 to ${MAX_REQUESTS}, or none for no limit`,
    ),
    trustedProxies: read(
      'LOUPE_TRUSTED_PROXIES',
      networks,
      [],
      'a comma-separated list of the IP addresses of your own proxies, or blocks such as 10.0.0.0/8',
    ),
    log: read('LOUPE_LOG', v.picklist(['faults', 'requests']), 'faults', 'faults or requests'),
  }
  return problems.length === 0 ? ok(config) : err(problems)
}

const quoted = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
