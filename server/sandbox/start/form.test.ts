import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { temporaryDir } from '../testing.ts'
import { readCreateTaskInput } from './create-task-input.ts'
import { type Form, readForm } from './form.ts'
import { SETTINGS } from './testing.ts'

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function encoded(form: FormData): Promise<{ bytes: Buffer; type: string }> {
  const request = new Request('http://cloud.test', { method: 'POST', body: form })
  const type = request.headers.get('content-type') ?? ''
  return { bytes: Buffer.from(await request.arrayBuffer()), type }
}

const pieceSize = fc.integer({ min: 1, max: 300 })
/** Forms do not distinguish line breaks. */
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replace(/\r\n?|\n/g, '\r\n'))
const name = fc.stringMatching(/^[A-Za-z[\]]{1,20}$/).filter((value) => value !== 'file')

describe('the form reader', () => {
  test('finds any content of a form, however it is split into chunks', async () => {
    const path = `${await temporaryDir()}/file`
    const fields = fc.array(fc.tuple(name, text), { maxLength: 20 })
    const property = async (
      all: [string, string][],
      file: Uint8Array<ArrayBuffer> | null,
      size: number,
    ) => {
      const form = new FormData()
      for (const [key, value] of all) form.append(key, value)
      if (file !== null) form.append('file', new File([file], 'Ähre „1“.png'))
      if (all.length === 0 && file === null) return
      const { bytes, type } = await encoded(form)
      const read = await readForm(inPieces(bytes, size), type, path)
      if (!read.ok) throw new Error(read.error.message)
      const found = [...read.value.fields].flatMap(([key, values]) => values.map((v) => [key, v]))
      expect(found.toSorted()).toEqual(all.toSorted())
      expect(read.value.file?.bytes ?? null).toBe(file?.length ?? null)
      if (file !== null) {
        expect(Buffer.compare(await readFile(path), file)).toBe(0)
        expect(read.value.file?.name).toBe('Ähre „1“.png')
      }
    }
    const bytes = fc.option(
      fc.uint8Array({ maxLength: 2000 }) as fc.Arbitrary<Uint8Array<ArrayBuffer>>,
    )
    await fc.assert(fc.asyncProperty(fields, bytes, pieceSize, property), { numRuns: 150 })
  })

  test('does not accept a truncated form', async () => {
    const path = `${await temporaryDir()}/file`
    const form = new FormData()
    form.append('scale', '2')
    form.append('file', new File([new Uint8Array(500)], 'a.png'))
    form.append('model', 'x')
    const { bytes, type } = await encoded(form)
    // The line break after the last boundary is not part of it, nor are its dashes for some parsers.
    const cut = fc.integer({ min: 0, max: bytes.length - 5 })
    await fc.assert(
      fc.asyncProperty(cut, pieceSize, async (end, size) => {
        const read = await readForm(inPieces(bytes.subarray(0, end), size), type, path)
        expect(read).toMatchObject({ ok: false, error: { status: 400 } })
      }),
    )
  })

  test("rejects a file that can't be written, and does not wait for the rest", async () => {
    const form = new FormData()
    form.append('file', new File([new Uint8Array(500_000)], 'a.png'))
    const { bytes, type } = await encoded(form)
    const read = await readForm(inPieces(bytes, 50_000), type, `${await temporaryDir()}/none/file`)
    expect(read).toMatchObject({ ok: false, error: { status: 400 } })
  })

  test('handles any bytes with a message, and never fails', async () => {
    const path = `${await temporaryDir()}/file`
    const scrap = fc.constantFrom(
      ...[
        '--b',
        '--b--',
        '\r\n',
        '\r\n\r\n',
        '--',
        'Content-Disposition: form-data',
        '; name="file"',
      ],
      ...[
        '; name="a"',
        '; filename="x"',
        'Content-Type: text/plain',
        ':',
        '\0',
        'ÿ',
        'x'.repeat(200),
      ],
    )
    const bytes = fc.array(scrap, { maxLength: 30 }).map((parts) => Buffer.from(parts.join('')))
    const type = fc.constantFrom(
      'multipart/form-data; boundary=b',
      ...['multipart/form-data', 'multipart/form-data;', 'multipart/form-data; boundary='],
      ...['text/plain', '', 'multipart/mixed; boundary=b'],
    )
    await fc.assert(
      fc.asyncProperty(bytes, type, pieceSize, async (body, contentType, size) => {
        const read = await readForm(inPieces(body, size), contentType, path)
        if (!read.ok) expect(read.error.message).toMatch(/\.$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the input of a task', () => {
  const inputOf = (change: Readonly<Record<string, readonly string[]>>, file = true) => {
    const settings = Object.entries(SETTINGS).map(([key, value]) => [key, [value]] as const)
    const fields: Form['fields'] = new Map([...settings, ...Object.entries(change)])
    const upload = { path: '/x', name: 'x.png', bytes: 1, sha256: '' }
    return readCreateTaskInput({ fields, file: file ? upload : null })
  }
  const messageOf = (...given: Parameters<typeof inputOf>): string => {
    const input = inputOf(...given)
    return input.ok ? 'valid input' : input.error.message
  }

  test('has every setting with its type', () => {
    expect(inputOf({ enhanceFace: ['true'], scale: ['8'] })).toMatchObject({
      ok: true,
      value: { scale: 8, enhanceFace: true, saveImageAs: 'png', model: 'upscayl-standard-4x' },
    })
  })

  test.each<[string, Record<string, readonly string[]>, boolean]>([
    ['Invalid form: scale must be a whole number from 1 to 8.', { scale: ['9'] }, true],
    ['Invalid form: scale appears more than once.', { scale: ['1', '2'] }, true],
    ['Invalid form: model must be one of: upscayl-standard-4x', { model: ['toString'] }, true],
    ['Invalid form: saveImageAs must be jpg, png or webp.', { saveImageAs: ['gif'] }, true],
    ['Invalid form: enhanceFace must be true or false.', { enhanceFace: ['maybe'] }, true],
    ['No image: send', {}, false],
    ['No image: send', { urls: [''] }, false],
    ['Send only one of', { urls: ['http://a.test/'] }, true],
    ['Send only one of', { files: ['{"path":"a"}'] }, true],
    ['Send only one of', { files: ['{"path":"a"}'], urls: ['http://a.test/'] }, false],
    ['“urls” must be', { urls: ['[1]'] }, false],
    ['“urls” must be', { urls: ['["a"'] }, false],
    ['A task has at most 50', { urls: Array(51).fill('http://a.test/') }, false],
    ['A task has at most 50', { files: Array(51).fill('{"path":"a"}') }, false],
    ['The field “file” must be a file', { file: ['bytes'] }, false],
    ['“files” must be', { files: ['id'] }, false],
    ['“files” must be', { files: ['{"path":""}'] }, false],
    ['“files” must be', { files: ['[{"path":"a"},{}]'] }, false],
    ['“files” must be', { files: ['{'] }, false],
  ])('%s', (words, change, file) => {
    expect(messageOf(change, file)).toContain(words)
  })

  test('without settings names them all', () => {
    const read = readCreateTaskInput({ fields: new Map(), file: null })
    const message = read.ok ? '' : read.error.message
    expect(message).toBe(
      'Invalid form: model is missing, scale is missing, saveImageAs is missing.',
    )
  })

  test('parses any list of uploads, in every notation', () => {
    const paths = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(paths, (all) => {
        const data = all.map((path) => ({ uploadId: 'x', path, dimensions: null }))
        const texts = data.map((file) => JSON.stringify(file))
        const spellings = [
          { files: texts },
          { 'files[]': texts },
          { files: [JSON.stringify(data)] },
          Object.fromEntries(texts.map((text, n) => [`files[${n}]`, [text]])),
        ]
        for (const spelling of spellings) {
          expect(inputOf(spelling, false)).toMatchObject({
            value: { images: { from: 'uploads', paths: all } },
          })
        }
      }),
    )
  })

  test('parses any list of URLs, in every notation', () => {
    const urls = fc.array(fc.webUrl(), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(urls, (all) => {
        const spellings = [
          { urls: all },
          { 'urls[]': all },
          { urls: [JSON.stringify(all)] },
          Object.fromEntries(all.map((url, n) => [`urls[${n}]`, [url]])),
        ]
        for (const spelling of spellings) {
          expect(inputOf(spelling, false)).toMatchObject({ value: { images: { urls: all } } })
        }
      }),
    )
  })
})
