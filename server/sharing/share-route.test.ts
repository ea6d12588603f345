import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SAMPLES, type SampleName } from '../../core/api/samples.ts'
import { DAY, HOUR, MINUTE } from '../../core/lib/units.ts'
import type { Upstream } from '../proxy/upstream.ts'
import { MAX_TOKEN_LENGTH } from './share-token.ts'
import {
  KEY,
  OPEN,
  openStage,
  SECRET,
  START,
  type Stage,
  spellingsOf,
  task,
  temporaryFolder,
  testSharing,
} from './testing.ts'

const FILES = 'https://files.example'

const sample =
  (name: SampleName): Upstream =>
  async () => {
    const { status, headers, body } = SAMPLES[name].reply(START, FILES)
    return new Response(body, { status, headers })
  }

async function errorOf(response: Response): Promise<string> {
  expect(response.headers.get('cache-control')).toBe('no-store')
  const { error } = (await response.json()) as { error: string }
  return `${response.status} ${error}`
}

const withKey = (key = KEY, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { 'x-api-key': key, ...init.headers },
})

describe('a link', () => {
  test('is created for a day, without a request', async () => {
    const { share, asked } = await openStage()
    expect(await share()).toMatchObject({
      id: expect.stringMatching(/^[\w-]{16}$/),
      url: expect.stringMatching(/^\/s\/[\w-]{100,400}$/),
      taskId: 'a-task',
      createdAt: START,
      endsAt: START + DAY,
      shown: OPEN,
    })
    expect(asked).toEqual([])
  })

  test("shows the live task to anyone who has it, with one request using the sender's key", async () => {
    const { share, view, asked } = await openStage(sample('processed'))
    const { token, endsAt } = await share()
    const response = await view(token)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({
      taskId: 'a-task',
      record: { task: { kind: 'processed' }, seenAt: START, requestCount: 1, failure: null },
      shown: OPEN,
      endsAt,
      now: START,
      nextInMs: null,
    })
    expect(asked).toEqual([{ key: KEY, body: '{"data":{"taskId":"a-task"}}' }])
  })

  test.each([
    [OPEN, true, true],
    [{ credits: false, links: true }, false, true],
    [{ credits: true, links: false }, true, false],
    [{ credits: false, links: false }, false, false],
  ])('shows only what the sender chose: %o', async (shown, credits, links) => {
    const { share, view } = await openStage(sample('processed'))
    const text = await (await view((await share({ shown })).token)).text()
    expect(text.includes('"deducted"')).toBe(credits)
    expect(text.includes(FILES)).toBe(links)
  })

  test('announces when to come back, within a minute', async () => {
    const { share, view, pass, asked } = await openStage()
    const { token } = await share()
    const { nextInMs } = await (await view(token)).json()
    expect(nextInMs).toBeGreaterThan(0)
    expect(nextInMs).toBeLessThanOrEqual(MINUTE)
    pass(nextInMs)
    await view(token)
    expect(asked).toHaveLength(2)
    for (let n = 0; n < 40; n++) {
      pass(30 * MINUTE)
      const { nextInMs: next } = await (await view(token)).json()
      expect(next).toBeLessThanOrEqual(MINUTE)
    }
  })

  test.each([
    ['an empty list', []],
    ['no list', null],
    ['a file without a link', [{ fileName: 'a.png' }]],
  ])('has a charged result checked again until its files are there: %s', async (_, files) => {
    let there = false
    const done = { status: 'PROCESSED', progress: '100', creditsDeducted: true }
    const listed = [{ path: 'a', downloadLink: 'https://files.example/a' }]
    const { share, view, pass, asked } = await openStage(async () =>
      task({ ...done, files: there ? listed : files }),
    )
    const { token } = await share()
    for (const nextInMs of [5000, 20_000, MINUTE, null]) {
      const body = await (await view(token)).json()
      expect(body).toMatchObject({ nextInMs, record: { filesPending: true } })
      pass(nextInMs ?? 0)
    }
    there = true
    // A thousand viewers cause no more requests than that.
    await view(token)
    expect(asked).toHaveLength(4)
    pass(5 * MINUTE)
    expect(await (await view(token)).json()).toMatchObject({ record: { filesPending: false } })
    expect(asked).toHaveLength(5)
  })

  test.each<[SampleName, string]>([
    ['error-401', 'key'],
    ['error-404', 'missing'],
    ['error-429', 'limited'],
    ['error-500', 'upstream'],
  ])('reports %s as part of the status', async (name, kind) => {
    const { share, view } = await openStage(sample(name))
    const response = await view((await share()).token)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      record: { task: null, failure: { error: { kind } } },
    })
  })

  test('gives access to no other task, and none of another key', async () => {
    const { share, view, asked } = await openStage()
    const mine = await share({ taskId: 'one' })
    const other = await share({ taskId: 'two' }, 'another-key')
    await view(mine.token)
    await view(other.token)
    expect(asked).toEqual([
      { key: KEY, body: '{"data":{"taskId":"one"}}' },
      { key: 'another-key', body: '{"data":{"taskId":"two"}}' },
    ])
  })

  test('of the same key and task causes no requests of its own', async () => {
    const { share, view, asked } = await openStage()
    const [one, two] = [await share(), await share({ shown: { credits: false, links: false } })]
    await Promise.all([view(one.token), view(two.token), view(one.token)])
    expect(asked).toHaveLength(1)
  })

  test('expires when the sender set, even for viewers waiting for a response', async () => {
    let response: () => void = () => undefined
    const upstream = () =>
      new Promise<Response>((resolve) => {
        response = () => resolve(task())
      })
    const { share, view, pass, asked } = await openStage(upstream)
    const { token, endsAt } = await share({ hours: 0.5 })
    expect(endsAt).toBe(START + HOUR / 2)
    pass(HOUR / 2 - 1)
    const waiting = view(token)
    await expect.poll(() => asked.length, { timeout: 50_000 }).toBe(1)
    pass(1)
    response()
    expect(await errorOf(await waiting)).toBe('410 SHARE_ENDED')
    expect(await errorOf(await view(token))).toBe('410 SHARE_ENDED')
    pass(3 * DAY)
    await share()
    expect(await errorOf(await view(token))).toBe('410 SHARE_ENDED')
    expect(asked).toHaveLength(1)
  })

  test('shows nothing once revoked, even to viewers waiting for a response', async () => {
    let response: () => void = () => undefined
    const upstream = () =>
      new Promise<Response>((resolve) => {
        response = () => resolve(task())
      })
    const { share, view, request, asked } = await openStage(upstream)
    const { token, id } = await share()
    const waiting = view(token)
    await expect.poll(() => asked.length, { timeout: 50_000 }).toBe(1)
    const revoked = await request(`/share/${id}`, withKey(KEY, { method: 'DELETE' }))
    expect([revoked.status, await revoked.text()]).toEqual([204, ''])
    response()
    expect(await errorOf(await waiting)).toBe('410 SHARE_REVOKED')
    expect(await errorOf(await view(token))).toBe('410 SHARE_REVOKED')
    expect(asked).toHaveLength(1)
  })
})

describe('the sender’s list', () => {
  test("recreates the same links, and nobody else's", async () => {
    const { share, request, pass } = await openStage()
    const first = await share({ taskId: 'one', shown: { credits: false, links: false } })
    pass(1)
    const second = await share({ taskId: 'two', hours: 1 })
    await share({}, 'another-key')
    const list = async () => (await (await request('/share', withKey())).json()).shares
    const written = ({ token: _, ...share }: typeof first) => share
    expect(await list()).toEqual([written(second), written(first)])
    pass(HOUR)
    expect(await list()).toEqual([written(first)])
    await request(`/share/${first.id}`, withKey(KEY, { method: 'DELETE' }))
    expect(await list()).toEqual([])
  })

  test('needs a key', async () => {
    const { request, share } = await openStage()
    await share()
    expect((await request('/share')).status).toBe(400)
    expect((await request('/share', withKey(KEY, { method: 'HEAD' }))).status).toBe(200)
  })

  test('revokes no link of another key', async () => {
    const { share, request, view } = await openStage()
    const { id, token } = await share()
    const others = withKey('another-key', { method: 'DELETE' })
    expect(await errorOf(await request(`/share/${id}`, others))).toBe('404 SHARE_UNKNOWN')
    expect((await view(token)).status).toBe(200)
  })

  test('is limited, and has room again when one is revoked', async () => {
    const { share, request } = await openStage()
    const { id } = await share()
    for (let n = 1; n < 200; n++) await share()
    await expect(share()).rejects.toThrow('SHARE_TOO_MANY')
    await request(`/share/${id}`, withKey(KEY, { method: 'DELETE' }))
    expect((await share()).endsAt).toBe(START + DAY)
  })
})

describe('small images', () => {
  const previews = ['data:image/webp;base64,UklGRg==', null]
  const previewsOf = (request: Stage['request'], token: string) =>
    request('/shared/previews', { headers: { authorization: `Bearer ${token}` } })

  test('come from this server, to anyone with the link, until it is revoked', async () => {
    const { share, request, asked } = await openStage()
    const { id, token } = await share({ previews, shown: { credits: true, links: false } })
    const response = await previewsOf(request, token)
    expect(await response.json()).toEqual({ previews })
    expect(asked).toEqual([])
    const { shares } = (await (await request('/share', withKey())).json()) as {
      shares: { previews: boolean }[]
    }
    expect(shares.map((one) => one.previews)).toEqual([true])
    await request(`/share/${id}`, withKey(KEY, { method: 'DELETE' }))
    expect(await errorOf(await previewsOf(request, token))).toBe('410 SHARE_REVOKED')
  })

  test('are none of a link without them, and end with it', async () => {
    const { share, request, pass } = await openStage()
    const { token } = await share()
    expect(await (await previewsOf(request, token)).json()).toEqual({ previews: [] })
    pass(DAY)
    expect(await errorOf(await previewsOf(request, token))).toBe('410 SHARE_ENDED')
    expect(await errorOf(await previewsOf(request, 'altered'))).toBe('404 SHARE_UNKNOWN')
  })
})

describe('a key that the API never accepted', () => {
  test.each<SampleName>(['error-400-missing-user', 'error-401', 'error-429', 'error-500'])(
    'creates no link: %s',
    async (name) => {
      const { share, asked } = await openStage(sample(name), { accepted: false })
      await expect(share()).rejects.toThrow('SHARE_KEY_UNPROVEN')
      await expect(share()).rejects.toThrow('SHARE_KEY_UNPROVEN')
      expect(asked).toHaveLength(1)
    },
  )

  test.each<SampleName>(['processing', 'processed', 'error-404'])(
    'creates one when accepted: %s, with the request that the first viewer would send',
    async (name) => {
      const { share, view, asked } = await openStage(sample(name), { accepted: false })
      const { token } = await share()
      expect((await view(token)).status).toBe(200)
      expect(asked).toHaveLength(1)
    },
  )
})

describe('rejected requests', () => {
  const post = (body: BodyInit, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY, ...headers },
    body,
  })

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"taskId":"a"}',
    '{"taskId":"a","shown":{"credits":true}}',
    '{"taskId":"a","shown":{"credits":1,"links":true}}',
    '{"taskId":"a","shown":{"credits":true,"links":true,"key":true}}',
    '{"taskId":"a","shown":{"credits":true,"links":true},"key":"x"}',
    '{"taskId":"a b","shown":{"credits":true,"links":true}}',
    '{"taskId":"../../x","shown":{"credits":true,"links":true}}',
    '{"taskId":7,"shown":{"credits":true,"links":true}}',
    ...['"x"', '[7]', '["https://evil.example/x.webp"]', '["data:image/svg+xml;base64,AAAA"]'].map(
      (previews) => `{"taskId":"a","shown":{"credits":true,"links":true},"previews":${previews}}`,
    ),
    ...['0', '-1', '721', '1e99', '"24"', 'null', 'true'].map(
      (hours) => `{"taskId":"a","hours":${hours},"shown":{"credits":true,"links":true}}`,
    ),
  ])('the body %s', async (body) => {
    const { request } = await openStage()
    expect(await errorOf(await request('/share', post(body)))).toBe('400 BAD_REQUEST')
  })

  test('any other invalid body', async () => {
    const { request } = await openStage()
    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => {
        expect((await request('/share', post(body))).status).toBe(400)
      }),
      { numRuns: 200 },
    )
  })

  test('bodies that are not JSON by their type, or too large', async () => {
    const { request } = await openStage()
    const large = post(JSON.stringify({ taskId: 'a'.repeat(300_000) }))
    expect(await errorOf(await request('/share', large))).toBe('413 BODY_TOO_LARGE')
    const text = post('{}', { 'content-type': 'text/plain' })
    expect(await errorOf(await request('/share', text))).toBe('415 NOT_JSON')
  })

  test.each(['short', 'x'.repeat(513), 'key with spaces', 'schlüssel'])(
    'the key %s',
    async (key) => {
      const { request } = await openStage()
      const remove = withKey(key, { method: 'DELETE' })
      for (const response of [
        await request('/share', post('{}', { 'x-api-key': key })),
        await request('/share', withKey(key)),
        await request('/share/abcdefghijklmnop', remove),
      ]) {
        expect(await errorOf(response)).toBe('400 KEY_UNUSABLE')
      }
    },
  )

  test('pages of other sites', async () => {
    const { request, share } = await openStage()
    const { token } = await share()
    const headers = { 'sec-fetch-site': 'cross-site', authorization: `Bearer ${token}` }
    expect(await errorOf(await request('/shared', { headers }))).toBe('403 CROSS_SITE')
    expect(await errorOf(await request('/share', post('{}', headers)))).toBe('403 CROSS_SITE')
  })

  test.each([
    ['/share', 'PUT', 'GET, HEAD, POST'],
    ['/share', 'DELETE', 'GET, HEAD, POST'],
    ['/share/abcdefghijklmnop', 'GET', 'DELETE'],
    ['/shared', 'POST', 'GET, HEAD'],
  ])('%s with %s', async (path, method, allow) => {
    const { request } = await openStage()
    const response = await request(path, { method })
    expect(response.headers.get('allow')).toBe(allow)
    expect(await errorOf(response)).toBe('405 METHOD_NOT_ALLOWED')
  })
})

describe('safety', () => {
  test('only a complete link causes a request', async () => {
    const { share, request, asked } = await openStage()
    const { token } = await share()
    const headers = [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      token,
      `Basic ${token}`,
      `Bearer ${token} `.padEnd(token.length + 20, 'A'),
      `Bearer ${token}=`,
      `Bearer ${token.slice(0, -1)}`,
      `Bearer ${token}A`,
      `Bearer  ${token}`,
      `Bearer ${token},${token}`,
      `Bearer ${'A'.repeat(MAX_TOKEN_LENGTH)}`,
      `Bearer ${'A'.repeat(100_000)}`,
      'Bearer ../../share',
    ]
    for (const authorization of headers) {
      const response = await request(
        '/shared',
        authorization === undefined ? {} : { headers: { authorization } },
      )
      expect(await errorOf(response), authorization).toBe('404 SHARE_UNKNOWN')
    }
    for (const path of [`/shared?token=${token}`, '/shared?']) {
      expect(await errorOf(await request(path))).toBe('404 SHARE_UNKNOWN')
    }
    expect(asked).toEqual([])
  })

  test('no link with a changed character causes one', async () => {
    const { share, view, asked } = await openStage()
    const { token } = await share()
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom(...'ABCxyz019-_'),
        async (at, sign) => {
          fc.pre(token[at] !== sign)
          const altered = token.slice(0, at) + sign + token.slice(at + 1)
          expect((await view(altered)).status).toBe(404)
        },
      ),
      { numRuns: 300 },
    )
    expect(asked).toEqual([])
  })

  test("two links can't be mixed into one for another task", async () => {
    const { share, view, asked } = await openStage()
    const [one, two] = [await share({ taskId: 'one' }), await share({ taskId: 'two' })]
    for (let cut = 12; cut < one.token.length; cut += 3) {
      const mixed = one.token.slice(0, cut) + two.token.slice(cut)
      expect((await view(mixed)).status).toBe(404)
    }
    expect(asked).toEqual([])
  })

  test('a link of another server, or of lost data, is unknown', async () => {
    const other = await openStage(undefined, { sharing: await testSharing([`${SECRET}-other`]) })
    const elsewhere = await openStage(undefined, { sharing: await testSharing([SECRET]) })
    const { view, asked } = await openStage()
    for (const { share } of [other, elsewhere]) {
      const { token } = await share()
      expect(await errorOf(await view(token))).toBe('404 SHARE_UNKNOWN')
    }
    expect(asked).toEqual([])
  })

  test('a new secret opens, lists and revokes links of the old one, as long as that is configured', async () => {
    const folder = await temporaryFolder()
    const next = `${SECRET}-next`
    const before = await openStage(undefined, { sharing: await testSharing([SECRET], folder) })
    const old = await before.share({ taskId: 'old' })
    const after = await openStage(undefined, { sharing: await testSharing([next, SECRET], folder) })
    const made = await after.share({ taskId: 'new' })
    const list = async () => (await (await after.request('/share', withKey())).json()).shares
    expect((await list()).map(({ url }: { url: string }) => url).toSorted()).toEqual(
      [made.url, old.url].toSorted(),
    )
    expect((await after.view(old.token)).status).toBe(200)
    expect((await after.view(made.token)).status).toBe(200)
    expect((await before.view(made.token)).status).toBe(404)
    const later = await openStage(undefined, { sharing: await testSharing([next], folder) })
    expect((await later.view(old.token)).status).toBe(404)
    expect((await later.view(made.token)).status).toBe(200)
    await after.request(`/share/${old.id}`, withKey(KEY, { method: 'DELETE' }))
    expect(await errorOf(await after.view(old.token))).toBe('410 SHARE_REVOKED')
  })

  /** Repeats the key wherever a response has a text. */
  const tellTale: Upstream = async (request) => {
    const key = request.headers.get('x-api-key') ?? ''
    const base64 = Buffer.from(`user:${key}:pass`).toString('base64')
    const hex = Buffer.from(key).toString('hex')
    return task({
      status: `ODD ${key}`,
      model: key,
      scale: `x${key}`,
      saveImageAs: hex,
      error: `No ${key}`,
      files: [
        {
          path: `users/${key}/a.png`,
          originalFileName: `${'x'.repeat(240)}${key}`,
          fileType: base64.slice(0, 60),
          downloadLink: `${FILES}/a?key=${encodeURIComponent(key)}&basic=${base64}`,
          thumbnailLink: `${FILES}/${hex.toUpperCase()}?k=${encodeURIComponent(encodeURIComponent(key))}`,
        },
      ],
    })
  }
  const telling =
    (status: number, wrap: (key: string) => unknown): Upstream =>
    async (request) =>
      Response.json(wrap(request.headers.get('x-api-key') ?? ''), {
        status,
        headers: { 'x-debug': request.headers.get('x-api-key') ?? '' },
      })

  const UPSTREAMS: readonly Upstream[] = [
    tellTale,
    telling(400, (key) => `Bad key ${key}`),
    telling(402, (key) => ({ error: 'INSUFFICIENT_CREDITS', message: `${'x'.repeat(290)}${key}` })),
    telling(403, (key) => ({ error: key, message: '' })),
    telling(429, (key) => ({
      error: 'RATE_LIMIT_EXCEEDED',
      message: `${key}: try again in 1 hour`,
    })),
    telling(500, (key) => Buffer.from(key).toString('base64url')),
    () => Promise.reject(new TypeError(`fetch failed for ${KEY}`)),
  ]

  test.each(UPSTREAMS.map((upstream, n) => [n, upstream] as const))(
    'the key is in no byte sent to a viewer or the log, whatever the API repeats (%i)',
    async (_, upstream) => {
      const { share, view, request, logged } = await openStage(upstream)
      const { token, id } = await share()
      const headers = { authorization: `Bearer ${token}` }
      const responses = [
        await view(token),
        await view(token),
        await view(token.slice(1)),
        await request('/shared', { method: 'POST', headers }),
        await request('/share', { headers }),
        await request(`/share/${id}`, { headers }),
        await request(`/share/${id}`, { method: 'DELETE', headers }),
      ]
      await request(`/share/${id}`, withKey(KEY, { method: 'DELETE' }))
      responses.push(await view(token))
      const bytes = await Promise.all(
        responses.map(async (response) => [
          response.status,
          response.statusText,
          ...response.headers,
          Buffer.from(await response.arrayBuffer()).toString('latin1'),
        ]),
      )
      const all = JSON.stringify([bytes, logged])
      for (const text of [all, all.toLowerCase(), all.replaceAll('\\', '')]) {
        for (const spelling of spellingsOf(KEY)) expect(text).not.toContain(spelling)
      }
      // Nor a part long enough to be useful.
      expect(all).not.toContain(KEY.slice(0, 12))
      // The log has no token either.
      expect(JSON.stringify(logged)).not.toContain(token.slice(24, 48))
    },
  )

  test('neither key nor token is in the data folder', async () => {
    const folder = await temporaryFolder()
    const { share, view } = await openStage(tellTale, { sharing: await testSharing([], folder) })
    const { token } = await share()
    await view(token)
    const files = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')),
    )
    for (const spelling of [...spellingsOf(KEY), token.slice(24)]) {
      expect(files.join('')).not.toContain(spelling)
    }
  })
})
