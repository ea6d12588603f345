import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { MODELS } from '../../core/api/models.ts'
import { createRecording } from '../../core/api/recording.ts'
import { SAMPLE_NAMES, SAMPLES, type SampleName } from '../../core/api/samples.ts'
import { TASK_RULES } from '../../core/api/task.ts'
import { fullQuota } from '../../core/quota/quota.ts'
import { type AppOptions, createApp } from '../../server/app.ts'
import { createHttpServer, guarded, listen, withVariable } from '../../server/node/http-server.ts'
import { readContract } from '../../server/openapi-file.ts'
import type { Upstream } from '../../server/proxy/upstream.ts'
import { DEMO_NAMES } from '../../server/sandbox/demos.ts'
import { formOf, start } from '../../server/sandbox/start/testing.ts'
import { ask, get, idOf, ORIGIN, openSandbox, post } from '../../server/sandbox/testing.ts'
import { newUpload, putAll } from '../../server/sandbox/uploads/testing.ts'
import type { Sharing } from '../../server/sharing/share-route.ts'
import { storesOf, testSharing } from '../../server/sharing/testing.ts'
import { held, NON_CONFORMING, withContractChecks } from './assert-contract.ts'
import {
  CONTRACT,
  CONTRACT_TEXT,
  type Exchange,
  follow,
  schemaViolations,
  violations,
} from './openapi.ts'

const AT = Date.UTC(2026, 0, 1, 12)
const JSON_TYPE = { 'content-type': 'application/json' }
const NO_STORE = { 'cache-control': 'no-store' }

const times = { askedAt: AT, answeredAt: AT + 150 }
/** A recording's file: a response, and a request without one. */
const RECORDING = JSON.stringify(
  createRecording(
    [
      { kind: 'reply', ...times, reply: SAMPLES.processed.reply(AT, 'https://files.example') },
      { kind: 'silence', ...times, why: 'network' },
    ],
    { key: 'key-1234567890', taskId: 'task-1234567890' },
  ),
)

const exchange = (change: Partial<Exchange> = {}): Exchange => ({
  method: 'POST',
  path: '/get-task-status',
  status: 200,
  headers: new Headers({ ...JSON_TYPE, ...NO_STORE }),
  body: '{"status":"success","data":{}}',
  ...change,
})

describe('the document', () => {
  test('is OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(CONTRACT_TEXT)).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  test('has no broken references, and only schemas that compile', () => {
    const references = [...CONTRACT_TEXT.matchAll(/\$ref: '([^']+)'/g)].map(([, it]) => it ?? '')
    expect(references.length).toBeGreaterThan(100)
    for (const reference of new Set(references)) expect(follow(reference).self).toBeDefined()
    for (const name of Object.keys(CONTRACT.components.schemas)) {
      expect(() => schemaViolations(`#/components/schemas/${name}`, null)).not.toThrow()
    }
  })

  test('has the same lists as the program', () => {
    const listOf = (pointer: string) => follow(`#/components/schemas/${pointer}`).self.enum
    expect(listOf('Model')).toEqual(Object.keys(MODELS))
    expect(listOf('DemoName')).toEqual(DEMO_NAMES)
    const words = [listOf('CurrentTask/properties/status'), listOf('OlderTask/properties/status')]
      .flat()
      .map((word) => String(word).toLowerCase())
    const known = Object.values(TASK_RULES).flatMap((rule) => rule.words)
    expect(new Set(words)).toEqual(new Set(known))
  })
})

describe('a sample', () => {
  test.each(SAMPLE_NAMES)('%s conforms to the contract, or is listed as non-conforming', (name) => {
    const { status, headers, body } = SAMPLES[name].reply(AT, 'https://files.example')
    const response = exchange({ status, body, headers: new Headers({ ...headers, ...NO_STORE }) })
    const found = violations(response)
    if (name in NON_CONFORMING) expect(found).not.toEqual([])
    else expect(found).toEqual([])
  })
})

test('a recording is a request that the contract describes', () => {
  const found = schemaViolations('#/components/schemas/Recording', JSON.parse(RECORDING))
  expect(found).toEqual([])
})

describe('undescribed values are reported', () => {
  test.each<[string, Partial<Exchange>]>([
    ['POST /start-tasks 200: this status is not described', { path: '/start-tasks' }],
    ['PUT /get-task-status 200: this status is not described', { method: 'PUT' }],
    ['POST /get-task-status 418: this status is not described', { status: 418 }],
    [
      'the content type "text/html" is not described',
      { headers: new Headers({ 'content-type': 'text/html', ...NO_STORE }) },
    ],
    ['the content type "" is not described', { headers: new Headers(NO_STORE) }],
    ['header Cache-Control is missing', { headers: new Headers(JSON_TYPE) }],
    [
      'header Cache-Control must match pattern',
      { headers: new Headers({ ...JSON_TYPE, 'cache-control': 'public' }) },
    ],
    [
      'header Retry-After must match pattern',
      { headers: new Headers({ ...JSON_TYPE, ...NO_STORE, 'retry-after': 'soon' }) },
    ],
    [
      'header Allow is missing',
      { method: 'PUT', status: 405, body: '{"error":"METHOD_NOT_ALLOWED","message":"No."}' },
    ],
    ['the body is no JSON', { body: '{' }],
    ['the body breaks off', { body: null }],
    ["body must have required property 'data'", { body: '{"status":"success"}' }],
    ['body/data/scale must be integer', { body: '{"status":"success","data":{"scale":"9"}}' }],
    ['HEAD has no body', { method: 'HEAD', path: '/sandbox', body: '{}' }],
  ])('%s', (words, change) => {
    expect(violations(exchange(change)).join('\n')).toContain(words)
  })
})

describe('a changed sandbox response breaks the contract', () => {
  type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

  /** Every copy of `value` that lacks one field, or has a value of another type in one place. */
  function* damaged(value: Json): Generator<Json> {
    yield typeof value === 'string' ? 7 : String(value)
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      const { [key]: _, ...rest } = value as { [key: string]: Json }
      if (!Array.isArray(value)) yield rest
      for (const copy of damaged(child)) {
        yield Array.isArray(value) ? value.with(Number(key), copy) : { ...value, [key]: copy }
      }
    }
  }

  async function expectFragile(response: Response, asked: Partial<Exchange>, atLeast: number) {
    const answer = exchange({ status: response.status, ...asked })
    const broken = [...damaged(await response.json())]
    expect(broken.length).toBeGreaterThan(atLeast)
    for (const body of broken) {
      const found = violations({ ...answer, body: JSON.stringify(body) }, 'sandbox')
      expect(found, JSON.stringify(body)).not.toEqual([])
    }
  }

  test.each(['done', 'failed', 'batch', 'sparse'] as const)('the task %s', async (demo) => {
    const { sandbox } = await openSandbox()
    await expectFragile(await ask(sandbox, await idOf(sandbox, demo)), {}, 5)
  })

  test('a start', async () => {
    const { sandbox } = await openSandbox()
    const form = formOf(null, {}, [['urls', `${ORIGIN}/samples/dunes.webp`]])
    await expectFragile(await start(sandbox, form), { path: '/start-task' }, 8)
  })

  test('an upload', async () => {
    const { sandbox } = await openSandbox()
    const body = '{"data":{"fileSize":1,"fileType":"image/png","originalFileName":"a.png"}}'
    const created = await post(sandbox, '/get-upload-url', body, sandbox.key)
    await expectFragile(created, { path: '/get-upload-url' }, 20)
  })

  test('a started demo', async () => {
    const { sandbox } = await openSandbox()
    const started = await post(sandbox, '/sandbox/tasks', '{"demo":"done"}')
    await expectFragile(started, { path: '/sandbox/tasks' }, 8)
  })

  test('an added recording', async () => {
    const { sandbox } = await openSandbox()
    const added = await post(sandbox, '/sandbox/recordings', RECORDING)
    await expectFragile(added, { path: '/sandbox/recordings' }, 6)
  })

  test('the listing', async () => {
    const { sandbox } = await openSandbox()
    await ask(sandbox, await idOf(sandbox, 'done'))
    await post(sandbox, '/sandbox/recordings', RECORDING)
    const { requestsByTask: _, ...listing } = await (await get(sandbox, '/sandbox')).json()
    // A map of IDs: any of them may be missing.
    const response = Response.json({ ...listing, requestsByTask: {} })
    await expectFragile(response, { method: 'GET', path: '/sandbox' }, 100)
  })
})

type Case = () => Promise<Response>
type Cases = Readonly<Record<number, Case>>

describe('every status of every operation occurs', () => {
  const HERE = 'http://127.0.0.1/api'
  const unreachable: Upstream = () => Promise.reject(new TypeError('fetch failed'))
  const silent: Upstream = async (request) => {
    await request.arrayBuffer()
    return new Promise(() => undefined)
  }

  const send = (upstream: Upstream, url: string, init: RequestInit = {}, sandbox = true) => {
    const names = { host: '127.0.0.1', origin: null }
    const isSilent = upstream === silent
    const app = createApp({
      ...{ upstream, sandbox, names, timeoutMs: isSilent ? 1 : 5000 },
      uploadIdleMs: isSilent ? 100 : 5000,
      contract: readContract,
    })
    return withContractChecks(app, 'relayed', '/api').request(url, init)
  }

  const sandboxUpstream = async (): Promise<Upstream> => (await openSandbox()).sandbox.fetch
  const closedSandbox = async (): Promise<Upstream> => {
    const { sandbox } = await openSandbox()
    await sandbox.close()
    return sandbox.fetch
  }
  const brokenSandbox = async (): Promise<Upstream> => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    onTestFinished(() => warning.mockRestore())
    const { sandbox, db } = await openSandbox()
    db.run('ALTER TABLE tasks RENAME TO lost')
    db.run('ALTER TABLE recordings RENAME TO lost_recordings')
    return sandbox.fetch
  }

  /** `init` with a key; live links work unless the server can't store them. */
  const onLinks = (
    url: string,
    init: RequestInit = {},
    sharing?: Sharing,
    upstream = unreachable,
  ) => {
    const names = { host: '127.0.0.1', origin: null }
    const app = createApp({
      ...{ upstream, timeoutMs: 5000, sandbox: false, names, stores: KEEPING },
      ...(sharing === undefined ? {} : { sharing }),
    })
    const headers = { 'x-api-key': 'key-1234567890', ...init.headers }
    return withContractChecks(app, 'relayed', '/api').request(HERE + url, { ...init, headers })
  }
  const KEEPING = storesOf({ quota: fullQuota(), accepted: true })
  const linked =
    (path: string, init: RequestInit = {}): Case =>
    async () =>
      onLinks(path, init, await testSharing())
  const unnoted =
    (path: string, init: RequestInit = {}): Case =>
    async () => {
      const sharing = await testSharing()
      sharing.store.close()
      return onLinks(path, init, sharing)
    }
  const given = async (sharing: Sharing): Promise<{ id: string; authorization: string }> => {
    const { id, url } = await (await onLinks('/share', LINK, sharing)).json()
    return { id, authorization: url.replace('/s/', 'Bearer ') }
  }

  /** What the holder of a link may read at `path`. */
  const viewed = (path: string): Cases => ({
    ...elsewhere(path),
    200: async () => {
      const sharing = await testSharing()
      const { authorization } = await given(sharing)
      return onLinks(path, { headers: { authorization } }, sharing)
    },
    404: linked(path, { headers: { authorization: 'Bearer abc' } }),
    410: async () => {
      const sharing = await testSharing()
      const { id, authorization } = await given(sharing)
      await onLinks(`/share/${id}`, { method: 'DELETE' }, sharing)
      return onLinks(path, { headers: { authorization } }, sharing)
    },
    500: async () => {
      const sharing = await testSharing()
      const { authorization } = await given(sharing)
      sharing.store.close()
      return onLinks(path, { headers: { authorization } }, sharing)
    },
    503: () => onLinks(path),
  })

  const elsewhere = (path: string, init: RequestInit = {}): Cases => ({
    403: () =>
      send(unreachable, HERE + path, { ...init, headers: { 'sec-fetch-site': 'cross-site' } }),
    421: () => send(unreachable, `http://evil.test/api${path}`, init),
  })
  const relayed = (path: string, init: RequestInit): Cases => ({
    ...elsewhere(path, init),
    502: () => send(unreachable, HERE + path, init),
    503: async () => send(await closedSandbox(), HERE + path, init),
    504: () => send(silent, HERE + path, init),
  })
  const posted = (path: string, init: RequestInit, tooLong = 70_000): Cases => ({
    ...relayed(path, init),
    413: () => send(unreachable, HERE + path, { ...init, body: 'x'.repeat(tooLong) }),
    415: () => send(unreachable, HERE + path, { ...init, headers: {} }),
  })

  const json = (body: string) => ({ method: 'POST', headers: JSON_TYPE, body })
  const order = (demo: string) => json(JSON.stringify({ demo }))
  const statusRequest = json('{}')

  const ORDER = { model: 'upscayl-lite-4x', scale: '1', saveImageAs: 'jpg' }
  const PICTURE = { urls: 'http://127.0.0.1/samples/dunes.webp' }
  const form = (fields: Readonly<Record<string, string>>, key: string) => {
    const parts = Object.entries(fields).map(
      ([name, value]) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    const body = `${parts.join('')}--b--\r\n`
    const headers = {
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': String(body.length),
      'idempotency-key': 'one',
      'x-api-key': key,
    }
    return { method: 'POST', headers, body }
  }
  const START = `${HERE}/start-task`
  const startOrder = form({ ...ORDER, ...PICTURE }, 'key-1234567890')
  const startWith = (change: Readonly<Record<string, string>>) =>
    send(unreachable, START, { ...startOrder, headers: { ...startOrder.headers, ...change } })
  /** Sequential requests to one sandbox, after `prepare`. */
  const starting =
    (prepare: string, ...orders: Readonly<Record<string, string>>[]): Case =>
    async () => {
      const { sandbox, db } = await openSandbox()
      if (prepare !== '') db.run(prepare)
      const answers: Response[] = []
      for (const order of orders) {
        answers.push(await send(sandbox.fetch, START, form(order, sandbox.key)))
      }
      return answers.at(-1) as Response
    }
  const startAnswered = (name: SampleName): Case => {
    const { status, headers, body } = SAMPLES[name].reply(AT, 'https://files.example')
    return () => send(async () => new Response(body, { status, headers }), START, startOrder)
  }

  const NEW_UPLOAD = json(
    '{"data":{"fileSize":1,"fileType":"image/png","originalFileName":"a.png"}}',
  )
  /** A request to a sandbox, with its key. */
  const uploading =
    (path: string, init: RequestInit, prepare = ''): Case =>
    async () => {
      const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
      onTestFinished(() => warning.mockRestore())
      const { sandbox, db } = await openSandbox({ history: true })
      if (prepare !== '') db.run(prepare)
      const headers = { ...JSON_TYPE, 'x-api-key': sandbox.key }
      return send(sandbox.fetch, HERE + path, { ...init, headers })
    }

  const LINK = json('{"taskId":"a","shown":{"credits":true,"links":false}}')
  const withoutKey = { headers: { 'x-api-key': '' } }

  const relayedAnswer = (path: string, name: SampleName): Case => {
    const { status, headers, body } = SAMPLES[name].reply(AT, 'https://files.example')
    const upstream: Upstream = async () => new Response(body, { status, headers })
    return () => send(upstream, HERE + path, statusRequest)
  }
  const answered = (name: SampleName) => relayedAnswer('/get-task-status', name)

  const refused = (options: Partial<AppOptions>) => {
    const names = { host: '127.0.0.1', origin: null }
    const app = createApp({
      ...{ upstream: unreachable, timeoutMs: 5000, sandbox: false, names },
      ...options,
    })
    return withContractChecks(app, 'relayed', '/api').request(`${HERE}/share`)
  }
  /** Over a real connection: raw names and values. */
  const refusedByHeaders = async (headers: string[]): Promise<Response> => {
    const server = createHttpServer().on(
      'request',
      guarded((_, response) => response.end()),
    )
    const listening = await listen(
      server,
      { host: '127.0.0.1', port: 0 },
      withVariable('npm start'),
    )
    if (!listening.ok) throw new Error(listening.error)
    onTestFinished(() => listening.value.close(0))
    const asking = request(`${listening.value.url}/api/share`, {
      headers: ['Host', 'localhost', ...headers],
    }).end()
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      asking.once('response', resolve).once('error', reject)
    })
    const { statusCode: status, headersDistinct } = response
    const body = new Response(await text(response), {
      ...(status === undefined ? {} : { status }),
      headers: Object.entries(headersDistinct).map(([name, values]) => [name, `${values}`]),
    })
    return held(body, { method: 'GET', path: '/share' })
  }

  const EXERCISED: Readonly<Record<string, Cases>> = {
    'post /get-task-status': {
      ...posted('/get-task-status', statusRequest),
      200: answered('processed'),
      400: answered('error-400-missing-user'),
      401: answered('error-401'),
      402: answered('error-402'),
      404: answered('error-404'),
      429: answered('error-429'),
      500: answered('error-500'),
    },
    'post /start-task': {
      ...relayed('/start-task', startOrder),
      200: starting('', { ...ORDER, ...PICTURE }),
      400: starting('', ORDER),
      401: startAnswered('error-401'),
      402: starting('UPDATE accounts SET balance = 0', { ...ORDER, ...PICTURE }),
      409: async () => {
        const upstream: Upstream = async (request) => {
          await request.text()
          return Response.json('Error', { status: 500 })
        }
        const names = { host: '127.0.0.1', origin: null }
        const app = createApp({ upstream, timeoutMs: 5000, sandbox: false, names })
        await app.request(START, startOrder)
        return withContractChecks(app, 'relayed', '/api').request(START, startOrder)
      },
      411: () => startWith({ 'content-length': '' }),
      413: () => startWith({ 'content-length': '200000000' }),
      415: () => startWith(JSON_TYPE),
      422: starting('', { ...ORDER, ...PICTURE }, { ...ORDER, ...PICTURE, scale: '2' }),
      429: startAnswered('error-429'),
      500: startAnswered('error-500'),
    },
    'post /get-upload-url': {
      ...posted('/get-upload-url', NEW_UPLOAD),
      200: uploading('/get-upload-url', NEW_UPLOAD),
      400: uploading('/get-upload-url', json('{}')),
      401: relayedAnswer('/get-upload-url', 'error-401'),
      402: uploading('/get-upload-url', NEW_UPLOAD, 'UPDATE accounts SET balance = 0'),
      429: relayedAnswer('/get-upload-url', 'error-429'),
      500: uploading('/get-upload-url', NEW_UPLOAD, 'ALTER TABLE uploads RENAME TO lost'),
    },
    'post /complete-multipart-upload': {
      ...posted('/complete-multipart-upload', json('{}'), 1_100_000),
      200: async () => {
        const { sandbox } = await openSandbox()
        const upload = await newUpload(sandbox, 1)
        const parts = await putAll(sandbox, upload, new Uint8Array(1))
        const data = { uploadId: upload.uploadId, key: upload.path, parts }
        return send(sandbox.fetch, `${HERE}/complete-multipart-upload`, {
          ...json(JSON.stringify({ data })),
          headers: { ...JSON_TYPE, 'x-api-key': sandbox.key },
        })
      },
      400: uploading('/complete-multipart-upload', json('{}')),
      401: relayedAnswer('/complete-multipart-upload', 'error-401'),
      429: relayedAnswer('/complete-multipart-upload', 'error-429'),
      500: uploading(
        '/complete-multipart-upload',
        json('{"data":{"uploadId":"a","key":"b","parts":[{"PartNumber":1,"ETag":"c"}]}}'),
      ),
    },
    'post /get-upscayl-history': {
      ...posted('/get-upscayl-history', json('{}')),
      200: uploading('/get-upscayl-history', json('{}')),
      204: uploading('/get-upscayl-history', json('{"data":{"timestampOffset":0}}')),
      400: uploading('/get-upscayl-history', json('{"data":{"limit":0}}')),
      401: relayedAnswer('/get-upscayl-history', 'error-401'),
      404: relayedAnswer('/get-upscayl-history', 'error-404'),
      429: relayedAnswer('/get-upscayl-history', 'error-429'),
      500: uploading('/get-upscayl-history', json('{}'), 'DROP TABLE ledger'),
    },
    'get /sandbox': {
      ...relayed('/sandbox', {}),
      200: async () => send(await sandboxUpstream(), `${HERE}/sandbox`),
      404: () => send(unreachable, `${HERE}/sandbox`, {}, false),
      500: async () => send(await brokenSandbox(), `${HERE}/sandbox`),
    },
    'post /sandbox/tasks': {
      ...posted('/sandbox/tasks', order('done')),
      201: async () => send(await sandboxUpstream(), `${HERE}/sandbox/tasks`, order('done')),
      400: async () => send(await sandboxUpstream(), `${HERE}/sandbox/tasks`, order('none')),
      404: () => send(unreachable, `${HERE}/sandbox/tasks`, order('done'), false),
      500: async () => send(await brokenSandbox(), `${HERE}/sandbox/tasks`, order('done')),
    },
    'post /sandbox/recordings': {
      ...posted('/sandbox/recordings', json(RECORDING), 9_000_000),
      201: async () => send(await sandboxUpstream(), `${HERE}/sandbox/recordings`, json(RECORDING)),
      400: async () => send(await sandboxUpstream(), `${HERE}/sandbox/recordings`, json('{}')),
      404: () => send(unreachable, `${HERE}/sandbox/recordings`, json(RECORDING), false),
      500: async () => send(await brokenSandbox(), `${HERE}/sandbox/recordings`, json(RECORDING)),
    },
    'get /share': {
      ...elsewhere('/share'),
      200: async () => {
        const sharing = await testSharing()
        await given(sharing)
        return onLinks('/share', {}, sharing)
      },
      400: linked('/share', withoutKey),
      500: unnoted('/share'),
      503: () => onLinks('/share'),
    },
    'post /share': {
      ...elsewhere('/share', LINK),
      201: linked('/share', LINK),
      400: linked('/share', json('{"taskId":"../../x","shown":{}}')),
      409: async () => {
        const sharing = await testSharing()
        for (let n = 0; n < 200; n++) await given(sharing)
        return onLinks('/share', LINK, sharing)
      },
      413: linked('/share', json('x'.repeat(300_000))),
      415: linked('/share', { ...LINK, headers: {} }),
      500: unnoted('/share', LINK),
      503: () => onLinks('/share', LINK),
    },
    'delete /share/{id}': {
      ...elsewhere('/share/abcdefghijklmnop', { method: 'DELETE' }),
      204: async () => {
        const sharing = await testSharing()
        return onLinks(`/share/${(await given(sharing)).id}`, { method: 'DELETE' }, sharing)
      },
      400: linked('/share/abcdefghijklmnop', { method: 'DELETE', ...withoutKey }),
      404: linked('/share/abcdefghijklmnop', { method: 'DELETE' }),
      500: unnoted('/share/abcdefghijklmnop', { method: 'DELETE' }),
      503: () => onLinks('/share/abcdefghijklmnop', { method: 'DELETE' }),
    },
    'get /shared': viewed('/shared'),
    'get /shared/previews': viewed('/shared/previews'),
    'get /openapi.yaml': {
      ...elsewhere('/openapi.yaml'),
      200: () => send(unreachable, `${HERE}/openapi.yaml`),
    },
    'x-anywhere-else': {
      ...elsewhere('/start-tasks'),
      404: () => send(unreachable, `${HERE}/start-tasks`, { method: 'POST' }),
      405: () => send(unreachable, `${HERE}/get-task-status`, { method: 'DELETE' }),
    },
    'x-everywhere': {
      400: () => refusedByHeaders(['X-API-Key', 'a', 'X-API-Key', 'b']),
      429: () => refused({ clientLimit: { limit: () => 1, clientOf: () => 'a' } }),
      431: () => refusedByHeaders(Array.from({ length: 202 }, () => 'x')),
      503: () => refused({ closing: AbortSignal.abort() }),
    },
  }

  const EXCUSED: Readonly<Record<string, string>> = {
    'x-everywhere 408': 'A matter of time. listen.test.ts has it.',
    'get /openapi.yaml 500': 'Only if the file is gone. app.test.ts has this answer at /files.',
  }

  const described = [
    ...Object.entries(CONTRACT.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, it]) => [`${method} ${path}`, it] as const),
    ),
    ['x-anywhere-else', CONTRACT['x-anywhere-else']] as const,
    ['x-everywhere', CONTRACT['x-everywhere']] as const,
  ].flatMap(([name, { responses }]) => Object.keys(responses).map((status) => `${name} ${status}`))
  const cases = Object.entries(EXERCISED).flatMap(([name, of]) =>
    Object.entries(of).map(([status, run]) => [`${name} ${status}`, Number(status), run] as const),
  )

  test('or is exempt for a reason', () => {
    const covered = [...cases.map(([name]) => name), ...Object.keys(EXCUSED)]
    expect(covered.toSorted()).toEqual(described.toSorted())
  })

  test.each(cases)('%s', async (_, status, run) => expect((await run()).status).toBe(status))
})
