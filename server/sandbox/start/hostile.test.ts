import { mkdir, stat, writeFile } from 'node:fs/promises'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { askAndRead, ORIGIN, openSandbox } from '../testing.ts'
import {
  emptySandbox,
  formOf,
  imageFile,
  leftIn,
  photo,
  refusalOf,
  resultOf,
  start,
  started,
} from './testing.ts'

const png = await photo().png().toBuffer()
const jpeg = await photo().jpeg().toBuffer()
const webp = await photo().webp().toBuffer()

describe('hostile uploads', () => {
  const chunk = (name: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(data.length)
    head.write(name, 4, 'latin1')
    const crc = Buffer.alloc(4)
    crc.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), data])))
    return Buffer.concat([head, data, crc])
  }
  const crc32 = (bytes: Buffer): number => {
    let crc = 0xffffffff
    for (const byte of bytes) {
      crc ^= byte
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    }
    return (crc ^ 0xffffffff) >>> 0
  }
  /** A PNG of that size in a few kilobytes. */
  const bomb = (width: number, height: number): Buffer => {
    const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    head.writeUInt32BE(width, 0)
    head.writeUInt32BE(height, 4)
    const rows = deflateSync(Buffer.alloc(2_000_000))
    const magic = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
    return Buffer.concat([
      magic,
      chunk('IHDR', head),
      chunk('IDAT', rows),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const gif = 'GIF89a/*\x01\x00*/=1;alert(1)'

  test.each<[string, number, RegExp, Uint8Array | string]>([
    ['a bomb', 400, /too large, with 50000 × 50000 pixels/, bomb(50_000, 50_000)],
    ['a bomb just within the limit', 400, /can't be decoded/, bomb(9_000, 9_000)],
    [
      'a PNG of a million chunks',
      400,
      /can't be decoded/,
      Buffer.concat([png.subarray(0, 8), Buffer.alloc(12_000_000)]),
    ],
    ['a GIF that is a script', 415, /isn't a JPEG, PNG or WebP/, gif],
    ['an SVG with a script', 415, /isn't a JPEG, PNG or WebP/, svg],
    ['an empty file', 400, /is empty/, ''],
    ['a text', 415, /isn't a JPEG, PNG or WebP/, 'Dear all'],
    ['a PNG that is cut off', 400, /can't be decoded/, png.subarray(0, png.length - 20)],
    [
      'a PNG with nothing in it',
      400,
      /can't be decoded/,
      Buffer.concat([png.subarray(0, 8), chunk('IEND', Buffer.alloc(0))]),
    ],
    [
      'a JPEG of noughts',
      400,
      /can't be decoded/,
      Buffer.concat([jpeg.subarray(0, 200), Buffer.alloc(5000), Buffer.from([0xff, 0xd9])]),
    ],
  ])('%s is rejected before it takes memory', async (_, status, words, bytes) => {
    const { sandbox, dir, db } = await emptySandbox()
    const memory = process.memoryUsage.rss()
    const response = await start(sandbox, formOf(imageFile(bytes, 'photo.png'), { scale: '1' }))
    // The larger bomb has ten gigabytes of pixels.
    expect(process.memoryUsage.rss() - memory).toBeLessThan(500 * 1024 * 1024)
    expect(response.status).toBe(status)
    expect(await refusalOf(response)).toMatch(words)
    expect(db.all("SELECT id FROM tasks WHERE demo = 'upload'")).toEqual([])
    expect(await leftIn(dir)).toEqual([])
  })

  test('data appended to an image is not in its result', async () => {
    const fixture = await emptySandbox({ pace: 0 })
    const page = Buffer.from('<script>alert(1)</script>')
    for (const [saveImageAs, bytes] of Object.entries({ png, jpg: jpeg, webp })) {
      const file = imageFile(Buffer.concat([bytes, page]))
      const response = await start(fixture.sandbox, formOf(file, { saveImageAs }))
      const result = await resultOf(fixture, (await started(response)).taskId)
      expect(result.includes(page)).toBe(false)
    }
  })

  test('ten thousand fields', async () => {
    const { sandbox } = await openSandbox()
    const more = Array.from({ length: 10_000 }, (_, n) => [`field-${n}`, 'x'] as const)
    const refusal = await refusalOf(await start(sandbox, formOf(imageFile(png), {}, more)))
    expect(refusal).toMatch(/^400 BAD_REQUEST: A form has at most 64 fields/)
  })

  test('more than 100 MiB, announced and not announced', async () => {
    const { sandbox, dir } = await emptySandbox()
    const announced = await start(sandbox, formOf(imageFile(png)), {
      'content-length': '120000000',
    })
    expect(await refusalOf(announced)).toMatch(/^413 FILE_TOO_LARGE/)
    let sent = 0
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from(head)),
      pull(controller) {
        sent += 1024 * 1024
        controller.enqueue(new Uint8Array(1024 * 1024))
      },
    })
    const type = { 'content-type': 'multipart/form-data; boundary=b' }
    expect(await refusalOf(await start(sandbox, endless, type))).toMatch(/^413 FILE_TOO_LARGE/)
    expect(sent).toBeLessThan(110 * 1024 * 1024)
    expect(await leftIn(dir)).toEqual([])
  })

  test('a harmful name is made harmless', async () => {
    const fixture = await emptySandbox({ pace: 0 })
    for (const name of ['../../x<script>.png', '..', 'a\u202egnp.exe', 'x'.repeat(5000)]) {
      const { taskId } = await started(await start(fixture.sandbox, formOf(imageFile(png, name))))
      await resultOf(fixture, taskId)
      const { task } = await askAndRead(fixture.sandbox, taskId)
      expect(task.files[0]?.originalName).toMatch(/^[^/\\\u202e]{1,255}$/)
    }
  })
})

describe('an interrupted upload', () => {
  test('is no task, costs nothing and leaves nothing behind', async () => {
    const { sandbox, dir, db } = await emptySandbox()
    const request = new Request(ORIGIN, {
      method: 'POST',
      body: formOf(imageFile(await photo(600, 400).png().toBuffer())),
    })
    const type = { 'content-type': request.headers.get('content-type') ?? '' }
    const bytes = Buffer.from(await request.arrayBuffer())
    for (const share of [0, 0.2, 0.9, 0.999]) {
      const part = bytes.subarray(0, Math.floor(bytes.length * share))
      const breaking = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(part.length > 0 ? part : Buffer.from('-')),
        pull: (controller) => controller.error(new Error('aborted')),
      })
      for (const body of [breaking, part]) {
        const refusal = await refusalOf(await start(sandbox, body, type))
        expect(refusal).toMatch(/^400 BAD_REQUEST: The form was cut off/)
      }
    }
    expect(db.all("SELECT id FROM tasks WHERE demo = 'upload'")).toEqual([])
    expect(await leftIn(dir)).toEqual([])
    expect((await start(sandbox, bytes, type)).status).toBe(200)
  })

  test('by a kill: the next start cleans up, and keeps what a task needs', async () => {
    const left = await emptySandbox()
    const file = imageFile(await photo().png().toBuffer())
    await started(await start(left.sandbox, formOf(file)))
    await mkdir(`${left.dir}/uploads/999999999/x`, { recursive: true })
    await writeFile(`${left.dir}/uploads/999999999/x/file`, 'half')
    await writeFile(`${left.dir}/originals/never-booked`, 'whole')
    // From earlier versions.
    for (const folder of ['work/x', 'samples'])
      await mkdir(`${left.dir}/${folder}`, { recursive: true })
    await left.sandbox.close()
    await openSandbox({ dataDir: left.dir })
    expect(await leftIn(left.dir)).toHaveLength(1)
    for (const name of ['originals/never-booked', 'work', 'samples']) {
      expect(await stat(`${left.dir}/${name}`).catch(() => null)).toBeNull()
    }
  })

  test('by closing the sandbox', async () => {
    const { sandbox } = await openSandbox()
    const stalled = new ReadableStream<Uint8Array>({
      start: (it) => it.enqueue(Buffer.from('--b')),
    })
    const response = start(sandbox, stalled, { 'content-type': 'multipart/form-data; boundary=b' })
    await sandbox.close()
    expect(await refusalOf(await response)).toBe('503 CLOSING: The sandbox is closing.')
  })
})
