import { describe, expect, it } from 'vitest'
import { createCleaner } from './clean-reply.ts'
import { readAnswer } from './read-answer.ts'
import type { Reply } from './reply.ts'
import { SAMPLE_NAMES, SAMPLES } from './samples.ts'

const KEY = 'key-1234567890'
const TASK = 'task-1234567890'
const AT = Date.UTC(2026, 0, 1, 12)

const reply = (body: unknown, status = 200, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const clean = (...replies: Reply[]) => replies.map(createCleaner([KEY, TASK]))
const bodyOf = (body: unknown, status = 200): unknown =>
  JSON.parse(clean(reply(body, status))[0]?.body ?? '')
const dataOf = (data: object) => {
  const body = bodyOf({ status: 'success', data }) as { data: unknown }
  return body.data
}
const fileOf = (file: object) => (dataOf({ files: [file] }) as { files: unknown[] }).files[0]

describe('a clean reply', () => {
  it.each(SAMPLE_NAMES)('of %s reads as the sample does', (name) => {
    const sample = SAMPLES[name].reply(AT, 'https://files.example')
    const [before, after] = [sample, ...clean(sample)].map(({ status, headers, body }) => {
      const { result, notBefore } = readAnswer(status, new Headers(headers), body, KEY, AT)
      if (!result.ok) return { error: result.error, notBefore }
      const files = result.value.files.map(({ id: _, storedName, ...file }) => ({
        ...file,
        hasName: storedName !== null,
        downloadUrl: file.downloadUrl?.replace(/^.*\//, ''),
        thumbnailUrl: file.thumbnailUrl?.replace(/^.*\//, ''),
      }))
      return { task: { ...result.value, files }, notBefore }
    })
    // Links lead to pictures by the place of their file, whatever the picture was.
    const pictures = /"\w+\.webp(\?small)?(#\d+)?"/g
    expect(JSON.stringify(after).replace(pictures, '"link"')).toBe(
      JSON.stringify(before).replace(pictures, '"link"'),
    )
  })

  it('says nothing of what Loupe’s own server counted, but when a 429 ends', () => {
    const headers = {
      'Loupe-Answer': 'at=1, age=2, next=3',
      RateLimit: '"hour";r=0;t=60',
      'RateLimit-Policy': '"hour";q=100;w=3600',
      'Retry-After': '60',
    }
    const replies = [200, 429].map((status) => reply({}, status, headers))
    expect(clean(...replies).map((one) => one.headers)).toEqual([{}, { 'retry-after': '60' }])
  })

  it('keeps the fields that are read, and no other', () => {
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

  it('keeps values of a wrong type as such, without what is in them', () => {
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

  it('takes key, task id and links out of texts', () => {
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

  it('has a number for no id of digits', () => {
    const [{ body } = { body: '' }] = [
      reply({ status: 'success', data: { progress: 1234567 } }),
    ].map(createCleaner(['1234567']))
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
  ])('has for the link %j the stand-in %j', (link, standIn) => {
    const links = { downloadLink: link, thumbnailLink: link, signedUrl: link }
    expect(fileOf(links)).toEqual({
      downloadLink: standIn,
      thumbnailLink: standIn,
      signedUrl: standIn,
    })
  })

  it('names stored files anew: the same where they were the same, in all replies', () => {
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

  it('tells the length of what it leaves out', () => {
    const html = '<h1>502</h1>'
    expect(clean(reply(html, 502))[0]?.body).toBe('<removed: 12 characters>')
    expect(clean(reply('', 502))[0]?.body).toBe('')
    for (const other of ['[1,2]', '17', 'null', '{"a":1}']) {
      expect(bodyOf(other)).toEqual({ removed: other.length })
    }
  })

  it('keeps the headers that are read, fit to be sent', () => {
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
