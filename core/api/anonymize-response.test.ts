import { describe, expect, it } from 'vitest'
import { createAnonymizer } from './anonymize-response.ts'
import { parseResponse } from './parse-response.ts'
import type { RawResponse } from './raw-response.ts'
import { SAMPLE_NAMES, SAMPLES } from './samples.ts'

const KEY = 'key-1234567890'
const TASK = 'task-1234567890'
const AT = Date.UTC(2026, 0, 1, 12)

const reply = (body: unknown, status = 200, headers: RawResponse['headers'] = {}): RawResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const clean = (...replies: RawResponse[]) => replies.map(createAnonymizer([KEY, TASK]))
const bodyOf = (body: unknown, status = 200): unknown =>
  JSON.parse(clean(reply(body, status))[0]?.body ?? '')
const dataOf = (data: object) => {
  const body = bodyOf({ status: 'success', data }) as { data: unknown }
  return body.data
}
const fileOf = (file: object) => (dataOf({ files: [file] }) as { files: unknown[] }).files[0]

describe('an anonymized response', () => {
  it.each(SAMPLE_NAMES)('of %s parses like the sample', (name) => {
    const sample = SAMPLES[name].reply(AT, 'https://files.example')
    const [before, after] = [sample, ...clean(sample)].map(({ status, headers, body }) => {
      const { result, notBefore } = parseResponse(status, new Headers(headers), body, KEY, AT)
      if (!result.ok) return { error: result.error, notBefore }
      const files = result.value.files.map(({ id: _, storedName, ...file }) => ({
        ...file,
        hasName: storedName !== null,
        downloadUrl: file.downloadUrl?.replace(/^.*\//, ''),
        thumbnailUrl: file.thumbnailUrl?.replace(/^.*\//, ''),
      }))
      return { task: { ...result.value, files }, notBefore }
    })
    // Placeholder images depend on the index of the file, not on the original image.
    const pictures = /"\w+\.webp(\?small)?(#\d+)?"/g
    expect(JSON.stringify(after).replace(pictures, '"link"')).toBe(
      JSON.stringify(before).replace(pictures, '"link"'),
    )
  })

  it('keeps no rate limit of Loupe’s own server, except the retry time of a 429', () => {
    const headers = {
      'Loupe-Answer': 'at=1, age=2, next=3',
      RateLimit: '"hour";r=0;t=60',
      'RateLimit-Policy': '"hour";q=100;w=3600',
      'Retry-After': '60',
    }
    const replies = [200, 429].map((status) => reply({}, status, headers))
    expect(clean(...replies).map((one) => one.headers)).toEqual([{}, { 'retry-after': '60' }])
  })

  it('keeps only the fields that are parsed', () => {
    expect(
      bodyOf({
        status: 'success',
        requestId: 'r-1',
        data: { status: 'ENHANCING', progress: '64', userId: 'u-1', files: [{ owner: 'u-1' }] },
      }),
    ).toEqual({
      status: 'success',
      data: { status: 'ENHANCING', progress: '64', files: [{}] },
    })
  })

  it('keeps the type of invalid values, but not their content', () => {
    expect(
      dataOf({
        status: ['u-1'],
        progress: { 'u-1': 1 },
        model: 7,
        creditsDeducted: 'u-1',
        deductedCredits: null,
        scale: 4,
        files: 'u-1',
      }),
    ).toEqual({
      status: [],
      progress: {},
      model: 7,
      creditsDeducted: '',
      deductedCredits: null,
      scale: 4,
      files: '',
    })
  })

  it('removes key, task ID and links from texts', () => {
    expect(
      dataOf({ status: 'PROCESSING_FAILED', error: `${TASK} at https://h.example/x: ${KEY}` }),
    ).toEqual({ status: 'PROCESSING_FAILED', error: '[removed] at [removed] [removed]' })
    expect(bodyOf({ error: 'NOT_FOUND', message: `No task ${TASK}.`, user: 'u' }, 404)).toEqual({
      error: 'NOT_FOUND',
      message: 'No task [removed].',
    })
    expect(bodyOf(JSON.stringify(`Bad Request: ${TASK}`), 400)).toBe('Bad Request: [removed]')
    expect(bodyOf(`No such document: ${TASK}\n`, 404)).toBe('No such document: [removed]')
    expect(bodyOf({ status: 'error', error: { code: 'E1', message: `No ${TASK}` } })).toEqual({
      status: 'error',
      error: { message: 'No [removed]' },
    })
  })

  it('removes a numeric ID from numbers', () => {
    const [{ body } = { body: '' }] = [
      reply({ status: 'success', data: { progress: 1234567 } }),
    ].map(createAnonymizer(['1234567']))
    expect(body).toBe('{"status":"success","data":{"progress":null}}')
  })

  it.each([
    ['https://files.example/x', 'https://recording.invalid/dunes.webp'],
    [' HTTP://files.example/x ', 'https://recording.invalid/dunes.webp'],
    ['http://[', 'http:removed'],
    ['JavaScript:alert(1)', 'javascript:removed'],
    ['data:text/html,u-1', 'data:removed'],
    ['secret-scheme:u-1', 'removed'],
    ['/files/u-1', 'removed'],
    ['', ''],
    [null, null],
    [7, 7],
  ])('replaces the link %j by %j', (link, standIn) => {
    const links = { downloadLink: link, thumbnailLink: link, signedUrl: link }
    expect(fileOf(links)).toEqual({
      downloadLink: standIn,
      thumbnailLink: standIn,
      signedUrl: standIn,
    })
  })

  it('renames stored files consistently across responses', () => {
    const task = (...files: object[]) => reply({ status: 'success', data: { files } })
    const a = { fileName: 'u-1.PNG', processedFileName: ' u-1.PNG', path: 'users/u-1/x.jpeg' }
    const b = { path: 'https://h.example/1.png?user=u-1' }
    const cleaned = clean(
      task(a, b),
      task(b, { fileName: 'other', originalFileName: 'My cat.png' }),
    )
    expect(cleaned.map(({ body }) => JSON.parse(body).data.files)).toEqual([
      [
        { fileName: 'stored-1.PNG', processedFileName: 'stored-1.PNG', path: 'stored-2.jpeg' },
        { path: 'https://recording.invalid/lake.webp#3' },
      ],
      [
        { path: 'https://recording.invalid/lake.webp#3' },
        { fileName: 'stored-4', originalFileName: 'My cat.png' },
      ],
    ])
  })

  it('keeps the length of removed bodies', () => {
    const html = '<h1>502</h1>'
    expect(clean(reply(html, 502))[0]?.body).toBe('<removed: 12 characters>')
    expect(clean(reply('', 502))[0]?.body).toBe('')
    for (const other of ['[1,2]', '17', 'null', '{"a":1}']) {
      expect(bodyOf(other)).toEqual({ removed: other.length })
    }
  })

  it('keeps the headers that are parsed, in a valid form', () => {
    const headers = {
      'Content-Type': 'application/json',
      date: 'Thu, 01 Jan 2026 12:00:00 GMT',
      'retry-after': '90',
      'x-ratelimit-remaining': '3',
      ratelimit: `"${KEY}";r=3`,
      'set-cookie': 'user=u-1',
      'x-request-id': 'r-1',
      'ratelimit-policy': '"hour"\n\u2022',
    }
    expect(clean(reply('{}', 200, headers))[0]?.headers).toEqual({
      'content-type': 'application/json',
      date: 'Thu, 01 Jan 2026 12:00:00 GMT',
      'retry-after': '90',
      'x-ratelimit-remaining': '3',
      ratelimit: '"[removed]";r=3',
      'ratelimit-policy': '"hour"??',
    })
  })
})
