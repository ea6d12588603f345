import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../../core/lib/units.ts'
import { createAccounts } from '../store/accounts.ts'
import { type Fixture, NOW, ORIGIN, openSandbox, post } from '../testing.ts'
import { askForUpload, complete, newUpload, put, putAll, uploaded } from './testing.ts'

const bytesOf = (length: number) => Uint8Array.from(randomBytes(length))
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

const partsIn = (dir: string): Promise<string[]> =>
  readdir(`${dir}/parts`, { recursive: true }).then((names) =>
    names.filter((name) => name.includes('/')),
  )

/** Three parts, the last one short. */
const SIZE = 250
const small = (options: Parameters<typeof openSandbox>[0] = {}): Promise<Fixture> =>
  openSandbox({ partBytes: 100, ...options })

const FAILED = [500, 'Internal Server Error: Failed to complete upload']

async function outcome(response: Response): Promise<unknown[]> {
  return [response.status, await response.json(), response.headers.get('x-sandbox-reason') ?? '']
}

describe('an upload by parts', () => {
  test('has a link for each part, 5 MiB by default', async () => {
    const { sandbox } = await openSandbox()
    const upload = await newUpload(sandbox, 12_000_000, { fileType: 'image/webp' })
    expect(upload).toMatchObject({
      partSize: 5 * 1024 * 1024,
      fileName: `${upload.uploadId}.webp`,
      fileType: 'image/webp',
      fileSize: 12_000_000,
      originalFileName: 'photo.png',
      path: `users/1/${upload.uploadId}.webp`,
      createdAt: NOW / 1000,
      expiresAt: (NOW + HOUR) / 1000,
    })
    expect(upload.partUrls.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3])
    expect(upload.partUrls[0]?.signedUrl).toMatch(new RegExp(`^${ORIGIN}/uploads/.*/1\\?expires=`))
  })

  test('is its bytes, whatever the size, sent in any order', async () => {
    const { sandbox, dir } = await small()
    const sizes = fc.integer({ min: 1, max: 1000 })
    const property = async (size: number) => {
      const bytes = bytesOf(size)
      const upload = await newUpload(sandbox, size)
      const parts = await putAll(sandbox, upload, bytes)
      expect(parts.map(({ ETag }) => ETag)).toEqual(
        upload.partUrls.map((_, at) => `"${md5(bytes.subarray(at * 100, at * 100 + 100))}"`),
      )
      const response = await complete(sandbox, upload, parts)
      expect(await outcome(response)).toEqual([
        200,
        { status: 'success', data: { status: 'success' } },
        '',
      ])
      const whole = await readFile(`${dir}/parts/${upload.uploadId}/whole`)
      expect(whole.equals(bytes)).toBe(true)
    }
    await fc.assert(fc.asyncProperty(sizes, property), { numRuns: 30 })
    expect((await partsIn(dir)).every((name) => name.endsWith('/whole'))).toBe(true)
  })

  test('can be completed again, and twice at once, with ETags in or without quotes', async () => {
    const { sandbox } = await small()
    const upload = await newUpload(sandbox, SIZE)
    const parts = await putAll(sandbox, upload, bytesOf(SIZE))
    const bare = parts.map(({ PartNumber, ETag }) => ({
      PartNumber,
      ETag: ETag.replaceAll('"', ''),
    }))
    const all = [complete(sandbox, upload, parts), complete(sandbox, upload, bare)]
    for (const response of await Promise.all(all)) expect(response.status).toBe(200)
    expect((await complete(sandbox, upload, parts)).status).toBe(200)
  })

  test('takes a part again; the last one counts', async () => {
    const { sandbox, dir } = await small()
    const upload = await newUpload(sandbox, SIZE)
    const first = await putAll(sandbox, upload, bytesOf(SIZE))
    const bytes = bytesOf(SIZE)
    const last = await putAll(sandbox, upload, bytes)
    const stale = await outcome(await complete(sandbox, upload, first))
    expect(stale).toEqual([...FAILED, expect.stringMatching(/^The ETag of part 1/)])
    expect((await complete(sandbox, upload, last)).status).toBe(200)
    expect((await readFile(`${dir}/parts/${upload.uploadId}/whole`)).equals(bytes)).toBe(true)
  })

  test('survives a restart', async () => {
    const first = await small()
    const upload = await newUpload(first.sandbox, SIZE)
    const parts = await putAll(first.sandbox, upload, bytesOf(SIZE))
    await first.sandbox.close()
    const { sandbox } = await small({ dataDir: first.dir })
    expect((await complete(sandbox, upload, parts)).status).toBe(200)
  })
})

describe('an upload is not completed', () => {
  const PARTS = [1, 2, 3]

  test.each<[string, number[], RegExp]>([
    ['with a part missing at the end', [1, 2], /^Part 3 is missing/],
    ['with a part missing between', [1, 3], /^Part 2 is missing, or/],
    ['out of order', [2, 1, 3], /^Part 1 is missing, or/],
    ['with a part twice', [1, 1, 2, 3], /^Part 2 is missing, or/],
    ['with a part too many', [1, 2, 3, 4], /^Part 4 was not uploaded/],
    ['from part 0 on', [0, 1, 2, 3], /^Part 1 is missing, or/],
    ['with a negative number', [-1], /^Part 1 is missing, or/],
    ['with 10,000 parts', Array.from({ length: 10_000 }, (_, at) => at + 1), /^Part 4 was not/],
  ])('%s', async (_, numbers, reason) => {
    const { sandbox } = await small()
    const upload = await newUpload(sandbox, SIZE)
    const sent = await putAll(sandbox, upload, bytesOf(SIZE))
    const listed = numbers.map((number) => ({
      PartNumber: number,
      ETag: sent[number - 1]?.ETag ?? md5(new Uint8Array()),
    }))
    const found = await outcome(await complete(sandbox, upload, listed))
    expect(found).toEqual([...FAILED, expect.stringMatching(reason)])
    expect((await complete(sandbox, upload, sent)).status).toBe(200)
  })

  test.each([SIZE - 1, SIZE + 1])('with sizes that lie: %i bytes', async (size) => {
    const { sandbox, dir } = await small()
    const upload = await newUpload(sandbox, SIZE)
    const parts = await putAll(sandbox, upload, bytesOf(size))
    const found = await outcome(await complete(sandbox, upload, parts))
    expect(found).toEqual([...FAILED, `The parts have ${size} bytes, but fileSize was 250.`])
    expect((await partsIn(dir)).filter((name) => /whole/.test(name))).toEqual([])
  })

  test('with another ETag, whatever it contains', async () => {
    const { sandbox } = await small()
    const upload = await newUpload(sandbox, SIZE)
    const parts = await putAll(sandbox, upload, bytesOf(SIZE))
    const hostile = ['../../sandbox.db', '*', '""', "'; --", '\0', '"a\r\nX: 1"', 'x'.repeat(9000)]
    const etag = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile))
    await fc.assert(
      fc.asyncProperty(etag, async (ETag) => {
        const listed = parts.with(1, { PartNumber: 2, ETag })
        const found = await outcome(await complete(sandbox, upload, listed))
        expect(found).toEqual([...FAILED, expect.stringMatching(/^The ETag of part 2/)])
      }),
    )
  })

  test('if it is unknown, expired, of another account, or has another key', async () => {
    let time = NOW
    const { sandbox, db } = await small({ now: () => time })
    const other = createAccounts(db).ensure('other', 100).apiKey
    const upload = await newUpload(sandbox, SIZE)
    const parts = await putAll(sandbox, upload, bytesOf(SIZE))
    const unknown = [...FAILED, expect.stringMatching(/^There is no such upload/)]
    expect(await outcome(await complete(sandbox, upload, parts, other))).toEqual(unknown)
    for (const change of [{ uploadId: 'nothing' }, { path: '../sandbox.db' }]) {
      const found = await outcome(await complete(sandbox, { ...upload, ...change }, parts))
      expect(found).toEqual(unknown)
    }
    time += HOUR
    expect(await outcome(await complete(sandbox, upload, parts))).toEqual(unknown)
  })

  test('without all parameters', async () => {
    const { sandbox } = await small()
    const upload = await newUpload(sandbox, SIZE)
    const lists = [
      ...[undefined, null, [], {}, 'parts', [1], [{ PartNumber: 1 }], [{ ETag: 'a' }]],
      ...[[{ PartNumber: '1', ETag: 'a' }], [{ PartNumber: 1.5, ETag: 'a' }]],
      [{ PartNumber: 1, ETag: 'x'.repeat(1024 * 1024) }],
    ]
    const missing = [400, 'Bad Request: Missing required parameters', '']
    for (const parts of lists) {
      expect(await outcome(await complete(sandbox, upload, parts))).toEqual(missing)
    }
    for (const body of ['', '{}', '{"data":{}}', '{"data":{"uploadId":"","key":"","parts":[]}}']) {
      const response = await post(sandbox, '/complete-multipart-upload', body, sandbox.key)
      expect(await outcome(response)).toEqual(missing)
    }
    const noKey = await complete(sandbox, upload, PARTS, 'wrong')
    expect(await outcome(noKey)).toEqual([400, 'Bad Request: Missing User ID', ''])
  })
})

describe('no upload is created', () => {
  const whole = { fileSize: 100, fileType: 'image/png', originalFileName: 'a.png' }

  test.each<[Record<string, unknown>, { error?: string; message?: RegExp }]>([
    [{ ...whole, fileType: 'image/gif' }, { error: 'INVALID_FILE_TYPE' }],
    [{ ...whole, fileType: 'constructor' }, { error: 'INVALID_FILE_TYPE' }],
    [{ ...whole, fileSize: 104_857_601 }, { error: 'FILE_SIZE_EXCEEDED' }],
    [{ fileSize: 1, fileType: 'image/png' }, { message: /originalFileName$/ }],
    [{}, { message: /^Required fields missing: originalFileName, fileType, fileSize$/ }],
    [{ ...whole, fileSize: 0 }, { message: /fileSize$/ }],
    [{ ...whole, fileSize: -1 }, { message: /fileSize$/ }],
    [{ ...whole, fileSize: 1.5 }, { message: /fileSize$/ }],
    [{ ...whole, fileSize: 1e300 }, { message: /fileSize$/ }],
    [{ ...whole, fileSize: '100' }, { message: /fileSize$/ }],
    [{ ...whole, fileSize: null }, { message: /fileSize$/ }],
    [{ ...whole, originalFileName: 'x'.repeat(256) }, { message: /originalFileName$/ }],
  ])('for %j', async (fields, wanted) => {
    const { sandbox, dir } = await small()
    const response = await askForUpload(sandbox, fields)
    expect(response.status).toBe(400)
    const body = (await response.json()) as { error: string; message: string }
    expect(body.error).toBe(wanted.error ?? 'MISSING_REQUIRED_FIELDS')
    expect(body.message).toMatch(wanted.message ?? /\w/)
    expect(await partsIn(dir)).toEqual([])
  })

  test('without a key, without credits, and beyond the limit', async () => {
    const { sandbox, db } = await small()
    const noKey = await askForUpload(sandbox, whole, 'wrong')
    expect(await outcome(noKey)).toEqual([400, 'Bad Request: Missing User ID', ''])
    for (const body of ['', 'null', '{}', 'x'.repeat(70_000)]) {
      expect((await post(sandbox, '/get-upload-url', body, sandbox.key)).status).toBe(400)
    }
    db.run('UPDATE accounts SET balance = 9')
    const poor = await askForUpload(sandbox, whole)
    expect(await outcome(poor)).toEqual([402, 'Insufficient credits', ''])
    db.run('UPDATE accounts SET balance = 10000')
    // Of the earlier requests with this key, all but the too long one count.
    for (let n = 0; n < 96; n++) expect((await askForUpload(sandbox, whole)).status).toBe(200)
    expect((await askForUpload(sandbox, whole)).status).toBe(429)
  })
})

describe('the link of a part', () => {
  const errorOf = async (response: Response): Promise<string> => {
    const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(await response.text()) ?? []
    return `${response.status} ${code}`
  }

  test('is good for one part of one upload, until it expires', async () => {
    let time = NOW
    const { sandbox, dir } = await small({ now: () => time })
    const upload = await newUpload(sandbox, SIZE)
    const other = await newUpload(sandbox, SIZE)
    const [first, second] = upload.partUrls.map(({ signedUrl }) => signedUrl)
    if (first === undefined || second === undefined) throw new Error('no parts')
    const altered = [
      first.replace('/1?', '/2?'),
      first.replace('/1?', '/01?'),
      first.replace('/1?', '/10000?'),
      first.replace('/1?', '/1%2F..%2F..%2Fwhole?'),
      first.replace('/1?', '/whole?'),
      first.replace(upload.uploadId, other.uploadId),
      first.replace(/expires=\d+/, 'expires=9999999999'),
      first.replace(/signature=.*/, `signature=${new URL(second).searchParams.get('signature')}`),
      first.replace(/\?.*/, ''),
    ]
    for (const url of altered) {
      const found = await errorOf(await put(sandbox, url, bytesOf(100)))
      expect([url, found]).toEqual([url, '403 SignatureDoesNotMatch'])
    }
    expect(await partsIn(dir)).toEqual([])
    time += HOUR - 1000
    expect((await put(sandbox, first, bytesOf(100))).status).toBe(200)
    time += 1000
    expect(await errorOf(await put(sandbox, first, bytesOf(100)))).toBe('403 AccessDenied')
  })

  test('takes no part that is too large, cut off, or late', async () => {
    const { sandbox, dir } = await small()
    const upload = await newUpload(sandbox, SIZE)
    const url = upload.partUrls[0]?.signedUrl ?? ''
    expect(await errorOf(await put(sandbox, url, bytesOf(101)))).toBe('400 EntityTooLarge')
    const breaking = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytesOf(50)),
      pull: (controller) => controller.error(new Error('aborted')),
    })
    expect(await errorOf(await put(sandbox, url, breaking))).toBe('400 IncompleteBody')
    expect(await partsIn(dir)).toEqual([])
    const bytes = bytesOf(SIZE)
    await complete(sandbox, upload, await putAll(sandbox, upload, bytes))
    expect(await errorOf(await put(sandbox, url, bytesOf(100)))).toBe('404 NoSuchUpload')
  })
})

describe('abandoned uploads', () => {
  test('are removed when the next one is created, complete ones a day later', async () => {
    let time = NOW
    const { sandbox, dir } = await small({ now: () => time })
    const open = await newUpload(sandbox, SIZE)
    await putAll(sandbox, open, bytesOf(SIZE))
    const whole = await uploaded(sandbox, bytesOf(SIZE))
    time += HOUR
    await newUpload(sandbox, SIZE)
    expect(await partsIn(dir)).toEqual([`${whole.uploadId}/whole`])
    time += DAY
    await newUpload(sandbox, SIZE)
    expect(await partsIn(dir)).toEqual([])
  })

  test('are removed at the next start', async () => {
    const first = await small()
    await putAll(first.sandbox, await newUpload(first.sandbox, SIZE), bytesOf(SIZE))
    await first.sandbox.close()
    const { dir } = await small({ dataDir: first.dir, now: () => NOW + HOUR })
    expect(await partsIn(dir)).toEqual([])
  })

  test('make way beyond 4 GiB, the oldest first', async () => {
    const { sandbox, db } = await openSandbox()
    const first = await newUpload(sandbox, 104_857_600)
    for (let n = 0; n < 40; n++) await newUpload(sandbox, 104_857_600)
    const stored = db.all<{ id: string }>('SELECT id FROM uploads ORDER BY seq')
    expect(stored).toHaveLength(40)
    expect(stored.map(({ id }) => id)).not.toContain(first.uploadId)
  })
})
