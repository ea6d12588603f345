import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { DEMO_NAMES } from './sandbox/demos.ts'

const configOf = (env: Record<string, string>) => {
  const config = readConfig(env)
  if (!config.ok) throw new Error(config.error.join('\n'))
  return config.value
}

const problemsOf = (env: Record<string, string>): string[] => {
  const config = readConfig(env)
  return config.ok ? [] : config.error
}

test.each([
  ['~', '/home/ada$&'],
  ['~/x', '/home/ada$&/x'],
  ['~\\x', '/home/ada$&\\x'],
  ['~x', '~x'],
  ['./~/x', './~/x'],
  ['/srv/~/x', '/srv/~/x'],
])('the data folder %s is %s', (given, folder) => {
  const env = { LOUPE_DATA_DIR: given, HOME: '/home/ada$&' }
  expect(configOf(env).dataDir).toBe(folder)
})

describe('without settings', () => {
  const defaults = {
    host: '127.0.0.1',
    port: 4173,
    origin: null,
    upstream: { kind: 'sandbox', pace: 1, demos: DEMO_NAMES, history: false },
    dataDir: '.loupe',
    shareSecrets: [],
    upstreamTimeoutMs: 15_000,
    hourlyLimit: 100,
    requestsPerMinute: 600,
    trustedProxies: [],
    log: 'faults',
  }

  test('it is a sandbox on loopback', () => {
    expect(configOf({})).toEqual(defaults)
  })

  test('an empty variable counts as unset', () => {
    const names = [
      'HOST',
      'PORT',
      'LOUPE_ORIGIN',
      'UPSCAYL_API_URL',
      'LOUPE_DATA_DIR',
      'LOUPE_SANDBOX_PACE',
      'LOUPE_SANDBOX_DEMOS',
      'LOUPE_UPSTREAM_TIMEOUT',
      'LOUPE_HOURLY_QUESTIONS',
      'SHARE_SECRET',
      'LOUPE_REQUESTS_PER_MINUTE',
      'LOUPE_TRUSTED_PROXIES',
      'LOUPE_LOG',
    ]
    for (const blank of ['', '  ']) {
      expect(configOf(Object.fromEntries(names.map((name) => [name, blank])))).toEqual(defaults)
    }
  })

  test('the port can have another default', () => {
    const config = readConfig({}, { port: 5173 })
    expect(config.ok && config.value.port).toBe(5173)
  })
})

describe('valid settings', () => {
  test.each(['0.0.0.0', '::1', '::', 'localhost', 'loupe.internal', '10.0.0.7'])(
    'HOST %s',
    (host) => {
      expect(configOf({ HOST: host }).host).toBe(host)
    },
  )

  test('every port, and 0 for any', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), (port) => {
        expect(configOf({ PORT: String(port) }).port).toBe(port)
      }),
    )
  })

  test.each([
    ['https://api.upscayl.org', 'https://api.upscayl.org'],
    ['https://api.upscayl.org/', 'https://api.upscayl.org'],
    ['HTTP://Example.com:8080/v1//', 'http://example.com:8080/v1'],
    [' https://example.com/a/b ', 'https://example.com/a/b'],
  ])('UPSCAYL_API_URL %s', (given, baseUrl) => {
    expect(configOf({ UPSCAYL_API_URL: given }).upstream).toEqual({ kind: 'remote', baseUrl })
  })

  test.each([
    ['http://loupe.test:4180', 'http://loupe.test:4180'],
    ['HTTPS://Loupe.Example.org:443/', 'https://loupe.example.org'],
  ])('LOUPE_ORIGIN %s', (given, origin) => {
    expect(configOf({ LOUPE_ORIGIN: given }).origin).toBe(origin)
  })

  test.each([
    ['1', 1],
    ['100000', 100_000],
    ['none', null],
  ])('LOUPE_HOURLY_QUESTIONS %s', (given, hourlyLimit) => {
    expect(configOf({ LOUPE_HOURLY_QUESTIONS: given }).hourlyLimit).toBe(hourlyLimit)
  })

  test.each([
    ['none', []],
    ['running, done', ['running', 'done']],
  ])('LOUPE_SANDBOX_DEMOS %s', (given, demos) => {
    expect(configOf({ LOUPE_SANDBOX_DEMOS: given }).upstream).toMatchObject({ demos })
  })

  test('the others', () => {
    const config = configOf({
      LOUPE_DATA_DIR: '/var/lib/loupe',
      LOUPE_SANDBOX_PACE: '0.5',
      LOUPE_SANDBOX_HISTORY: 'on',
      LOUPE_UPSTREAM_TIMEOUT: '2.5',
    })
    expect(config.upstream).toEqual({
      ...{ kind: 'sandbox', pace: 0.5, demos: DEMO_NAMES, history: true },
    })
    expect(config.dataDir).toBe('/var/lib/loupe')
    expect(config.upstreamTimeoutMs).toBe(2500)
  })

  test('every request limit, and none', () => {
    const read = (text: string) => configOf({ LOUPE_REQUESTS_PER_MINUTE: text }).requestsPerMinute
    expect(read('none')).toBe(null)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (count) => {
        expect(read(String(count))).toBe(count)
      }),
    )
  })

  test('proxies, one and several', () => {
    const read = (text: string) =>
      configOf({ LOUPE_TRUSTED_PROXIES: text }).trustedProxies.map(
        ([address, bits]) => `${address}/${bits}`,
      )
    expect(read('10.1.2.3')).toEqual(['10.1.2.3/32'])
    expect(read(' 10.0.0.0/8 ,::1,2001:db8::/32')).toEqual([
      '10.0.0.0/8',
      '::1/128',
      '2001:db8::/32',
    ])
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 1 }), (addresses) => {
        expect(read(addresses.join(','))).toHaveLength(addresses.length)
      }),
    )
  })

  test.each(['faults', 'requests'])('LOUPE_LOG %s', (log) => {
    expect(configOf({ LOUPE_LOG: log }).log).toBe(log)
  })
})

describe('SHARE_SECRET', () => {
  const [first, second] = ['a'.repeat(32), `${'b'.repeat(31)}+/=`]

  test('is one secret or several, newest first', () => {
    expect(configOf({ SHARE_SECRET: first }).shareSecrets).toEqual([first])
    expect(configOf({ SHARE_SECRET: ` ${second}, ${first} ` }).shareSecrets).toEqual([
      second,
      first,
    ])
  })

  test('also applies to a remote API', () => {
    const env = { SHARE_SECRET: first, LOUPE_DATA_DIR: '/data', UPSCAYL_API_URL: 'https://a.test' }
    expect(configOf(env)).toMatchObject({ shareSecrets: [first], dataDir: '/data' })
  })

  test.each(['too-short', `${first},`, `${first},,${second}`, `${first},short`])(
    '%s is rejected without repeating it, and with a way to create one',
    (value) => {
      const problems = problemsOf({ SHARE_SECRET: value })
      expect(problems).toEqual([expect.stringContaining('openssl rand -base64 48')])
      expect(problems[0]).not.toContain(value)
    },
  )
})

describe('invalid settings are rejected with a sentence that names the setting', () => {
  test.each([
    ['HOST', 'http://127.0.0.1'],
    ['HOST', '127.0.0.1:80'],
    ['HOST', 'a b'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PORT', 'http'],
    ['UPSCAYL_API_URL', 'api.upscayl.org'],
    ['UPSCAYL_API_URL', 'ftp://api.upscayl.org'],
    ['UPSCAYL_API_URL', 'https://'],
    ['UPSCAYL_API_URL', 'https://api.upscayl.org?a=1'],
    ['UPSCAYL_API_URL', 'https://api.upscayl.org/#'],
    ['LOUPE_ORIGIN', 'loupe.example.org'],
    ['LOUPE_ORIGIN', 'ftp://loupe.example.org'],
    ['LOUPE_ORIGIN', 'https://loupe.example.org/loupe'],
    ['LOUPE_ORIGIN', 'https://loupe.example.org/?'],
    ['LOUPE_ORIGIN', 'https://a:b@loupe.example.org'],
    ['LOUPE_DATA_DIR', 'a\0b'],
    ['LOUPE_SANDBOX_DEMOS', 'running,'],
    ['LOUPE_SANDBOX_DEMOS', 'all'],
    ['LOUPE_SANDBOX_HISTORY', 'yes'],
    ['LOUPE_SANDBOX_PACE', '101'],
    ['LOUPE_SANDBOX_PACE', '-2'],
    ['LOUPE_SANDBOX_PACE', 'Infinity'],
    ['LOUPE_UPSTREAM_TIMEOUT', '0'],
    ['LOUPE_HOURLY_QUESTIONS', '0'],
    ['LOUPE_HOURLY_QUESTIONS', '100001'],
    ['LOUPE_HOURLY_QUESTIONS', '1e2'],
    ['LOUPE_HOURLY_QUESTIONS', 'unlimited'],
    ['LOUPE_UPSTREAM_TIMEOUT', '601'],
    ['LOUPE_UPSTREAM_TIMEOUT', '15s'],
    ['LOUPE_REQUESTS_PER_MINUTE', '0'],
    ['LOUPE_REQUESTS_PER_MINUTE', '1000001'],
    ['LOUPE_REQUESTS_PER_MINUTE', '1.5'],
    ['LOUPE_REQUESTS_PER_MINUTE', 'None'],
    ['LOUPE_TRUSTED_PROXIES', '1'],
    ['LOUPE_TRUSTED_PROXIES', 'proxy.internal'],
    ['LOUPE_TRUSTED_PROXIES', '10.0.0.1:80'],
    ['LOUPE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['LOUPE_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['LOUPE_TRUSTED_PROXIES', '::/0'],
    ['LOUPE_TRUSTED_PROXIES', '::ffff:10.0.0.0/104'],
    ['LOUPE_TRUSTED_PROXIES', '10.0.0.1,'],
    ['LOUPE_LOG', 'all'],
  ])('%s=%s', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name} must be .+\\.$`))
  })

  test('the full sentence', () => {
    expect(problemsOf({ PORT: 'abc' })).toEqual([
      'PORT must be a whole number from 0 to 65535 (0 picks any free port), not "abc".',
    ])
  })

  test('credentials in a URL, without repeating them', () => {
    const [problem] = problemsOf({ UPSCAYL_API_URL: 'https://user:hunter2@api.upscayl.org' })
    expect(problem).toContain('without credentials')
    expect(problem).not.toContain('hunter2')
  })

  test('a folder in the home folder of a user without one', () => {
    expect(problemsOf({ LOUPE_DATA_DIR: '~/x' })).toEqual([
      'LOUPE_DATA_DIR must be the path of a folder (~ only if HOME is set), not "~/x".',
    ])
  })

  test('a data folder that is needed, since the user has none', () => {
    const folder = (text: string) => readConfig({ LOUPE_DATA_DIR: text }, { dataDir: null })
    expect(folder('/srv')).toMatchObject({ value: { dataDir: '/srv' } })
    expect(folder('')).toEqual({
      ok: false,
      error: [
        expect.stringMatching(/^This user has no home folder, .* --data or LOUPE_DATA_DIR\.$/),
      ],
    })
  })

  test('all invalid settings at once', () => {
    expect(problemsOf({ PORT: 'x', HOST: '/', LOUPE_SANDBOX_PACE: 'fast' })).toHaveLength(3)
  })
})

test('any input gives a usable configuration or errors', () => {
  const text = fc.option(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.integer().map(String),
      fc.double().map(String),
    ),
    { nil: undefined },
  )
  fc.assert(
    fc.property(
      fc.record({
        HOST: text,
        PORT: text,
        LOUPE_ORIGIN: text,
        UPSCAYL_API_URL: text,
        LOUPE_DATA_DIR: text,
        LOUPE_SANDBOX_PACE: text,
        LOUPE_UPSTREAM_TIMEOUT: text,
        SHARE_SECRET: text,
        LOUPE_REQUESTS_PER_MINUTE: text,
        LOUPE_TRUSTED_PROXIES: text,
        LOUPE_LOG: text,
      }),
      (env) => {
        const config = readConfig(env)
        if (!config.ok) {
          expect(config.error.length).toBeGreaterThan(0)
          return
        }
        const { port, host, upstream, upstreamTimeoutMs, requestsPerMinute } = config.value
        expect(Number.isInteger(port) && port >= 0 && port <= 65_535).toBe(true)
        expect(host).toMatch(/^[\w.:-]+$/)
        expect(upstreamTimeoutMs).toBeGreaterThan(0)
        expect(requestsPerMinute).toSatisfy((count) => count === null || count > 0)
        if (upstream.kind === 'sandbox') expect(upstream.pace).toBeGreaterThanOrEqual(0)
        else expect(new URL(`${upstream.baseUrl}/get-task-status`).search).toBe('')
      },
    ),
    { numRuns: 500 },
  )
})
